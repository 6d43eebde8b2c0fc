"""The counting proxy (bench/delay_proxy.py) as the bench sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.child import Child


@dataclass(frozen=True, slots=True)
class Seen:
    """What passed through it. `requests` by kind: ping, token, blob; HEAD and GET of manifests."""

    requests: Mapping[str, int]
    refused: int
    opened: int
    peak_open: int
    peak_busy: int

    @property
    def total(self) -> int:
        return sum(self.requests.values())

    @property
    def kinds(self) -> str:
        """As "100 HEAD, 1 ping"."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.requests.items()))


class DelayProxy(Child):
    """One before a registry. `address` is what image names begin with."""

    module = "bench.delay_proxy"
    address = ""

    def start(self) -> None:
        super().start()
        self.address = self.ask()["address"]

    def stand_before(self, registry: str, tokens: str = "") -> None:
        """Pass requests on to these addresses, "host:port"; no `tokens`: there is no service."""
        self.ask(registry=registry, tokens=tokens or registry)

    def behave(self, *, delay_ms: int = 0, refusal: str = "") -> None:
        """Delay each answer; refuse one manifest request in ten: "retry-after", "bare" or not."""
        self.ask(delay_ms=delay_ms, refusal=refusal)

    def take(self) -> Seen:
        """What was seen since the last time."""
        said = self.ask(reset=True)
        del said["address"]
        return Seen(**said)
