"""Scans, as a bench asks for them: the scanner's process, and what a scan gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.child import BenchError, Child, Json
from bench.stage import environment
from tests.lab.registry import Registry
from updates.registry.tls.trust import TrustMode

_LONGEST_S = 600.0
_KNOWN = ("fresh", "stale")


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan took. `states` is by host, then by container; `by_host` and `by_thread` are
    database statements."""

    seconds: float
    rss_kib: int
    engine_calls: int
    by_host: Mapping[str, int]
    by_thread: Mapping[str, int]
    errors: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]

    def judged(self, expected: Mapping[str, Mapping[str, str]]) -> "Verdicts":
        """Compare with what each container of each host is: fresh or stale."""
        right = unknown = wrong = 0
        for host, containers in expected.items():
            said = self.states.get(host, {})
            for name, state in containers.items():
                right += said.get(name) == state
                unknown += said.get(name) not in _KNOWN
                wrong += said.get(name) in _KNOWN and said[name] != state
        extra = sum(map(len, self.states.values())) - sum(map(len, expected.values()))
        return Verdicts(right, unknown, wrong + max(extra, 0))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many containers were judged as they are, not at all, and as what they are not."""

    right: int
    unknown: int
    wrong: int

    @property
    def is_all_right(self) -> bool:
        return not (self.unknown or self.wrong)

    def __str__(self) -> str:
        others = [(self.unknown, "unknown"), (self.wrong, "WRONG")]
        return ", ".join(
            [f"{self.right} right", *(f"{count} {what}" for count, what in others if count)]
        )


def row_of(registry: Registry, domain: str = "") -> Json:
    """A registry's row by column, as a person would fill it in; `domain` is a proxy's before it."""
    row: Json = {"domain": domain or registry.address, "plain_http": not registry.ca_pem}
    if registry.ca_pem:
        row |= {"ca_pem": registry.ca_pem, "trust": TrustMode.CA_ONLY.value}
    if registry.auth != "none":
        row |= {"username": registry.username, "password": registry.password}
    return row


@dataclass(slots=True)
class Scanner:
    """The measured process, on a database of its own. `hosts`: engines' addresses by name."""

    root: Path
    database_url: str
    hosts: Mapping[str, str]
    _child: Child = field(init=False)

    def __post_init__(self) -> None:
        self._child = Child("bench.scanner", environment(self.root, self.database_url))

    def start(self) -> None:
        self._child.start()

    def stop(self) -> None:
        self._child.stop()

    def begin(self, registry: Json) -> int:
        """Forget all but the hosts and a registry's row, by column; resident memory in KiB."""
        answer = self._child.ask(do="begin", registry=registry, hosts=dict(self.hosts))
        return int(answer["rss_kib"])

    def scan(self) -> Scan:
        """Raises BenchError if it did not finish on every host."""
        scan = Scan(**self._child.ask(_LONGEST_S, do="scan"))
        for host, error in scan.errors.items():
            raise BenchError(f"The scan of {host} did not finish: {error}")
        return scan
