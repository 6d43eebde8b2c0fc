"""A check of 100 running containers of 100 repositories, 10 of them stale, on a real engine.

The real docker-registry, open to all and with tokens, stands behind a proxy that counts, delays
and, in the later parts, answers one manifest request in ten with 429. Times are of one scan of the
host, the engine's lists included: the median and the best. Of all else the most is shown.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from statistics import median

from bench import figures
from bench.child import Json
from bench.crowd import Crowd, gather
from bench.proxy import DelayProxy, Seen
from bench.scans import Scan, Scanner, Verdicts, row_of
from bench.stage import DATABASE_HELP, MAX_CONNECTIONS, SETTLING_S, Stage, need, staged
from tests.lab.dockerd import Dockerd
from tests.lab.registry import Registry

HOST = "lab"
AUTH = ("open", "token")
REFUSALS = ("none", "retry-after", "bare")
TARGETS_S = {0: 0.5, 50: 0.6, 200: 1.0}
COLUMNS = {
    "access": 6,
    "429s": 11,
    "delay": 6,
    "check": 5,
    "median / best": 13,
    "target": 10,
    "requests": 36,
    "connections": 13,
    "at once": 7,
    "resident": 18,
    "verdicts": 0,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """Under what a check is done; the first one of an installation knows nothing yet."""

    auth: str
    refusal: str
    delay_ms: int
    is_first: bool

    @property
    def max_requests(self) -> int:
        """One for each reference and one to spare; first of all, a token for each as well."""
        return 201 if self.is_first and self.auth == "token" else 101


@dataclass(frozen=True, slots=True)
class Measured:
    """A check under one condition, done several times; resident memory in KiB before it."""

    condition: Condition
    scans: list[Scan]
    seen: list[Seen]
    verdicts: list[Verdicts]
    rss_before_kib: int

    @property
    def is_right(self) -> bool:
        """Nothing judged as what it is not; and all judged, if nothing was refused."""
        may_be_unknown = self.condition.refusal != "none"
        return not any(one.wrong or (one.unknown and not may_be_unknown) for one in self.verdicts)

    def cells(self) -> list[str]:
        one = self.condition
        seconds = [scan.seconds for scan in self.scans]
        most = max(self.seen, key=lambda seen: seen.total)
        peak = max(seen.peak_open for seen in self.seen)
        rss_kib = self.scans[-1].rss_kib
        return [
            one.auth,
            one.refusal,
            f"{one.delay_ms} ms",
            "first" if one.is_first else "next",
            figures.spread(seconds),
            self._judged(median(seconds), TARGETS_S.get(one.delay_ms)),
            f"{most.kinds} {self._judged(most.total, one.max_requests)}",
            f"{peak} <= {MAX_CONNECTIONS} {figures.judged(peak, MAX_CONNECTIONS)}",
            str(max(seen.peak_busy for seen in self.seen)),
            f"{figures.mib(rss_kib)} {figures.growth(self.rss_before_kib, rss_kib)}",
            str(min(self.verdicts, key=lambda verdicts: verdicts.right)),
        ]

    def _judged(self, value: float, limit: float | None) -> str:
        """The targets are for a registry that refuses nothing."""
        if limit is None or self.condition.refusal != "none":
            return ""
        return f"<= {limit:g} {figures.judged(value, limit)}"


@dataclass(frozen=True, slots=True)
class Bench:
    """A crowd on its engine, the registries it may come from, and what measures."""

    crowd: Crowd
    proxy: DelayProxy
    registries: dict[str, tuple[Registry, str]]
    scanner: Scanner

    def measure(self, condition: Condition, repeat: int) -> Measured:
        self._arrange(condition)
        rss_kib = self.scanner.begin(self._row(condition))
        measured = Measured(condition, [], [], [], rss_kib)
        if not condition.is_first:
            self.scanner.scan()
        for _ in range(repeat):
            if condition.is_first:
                self.scanner.begin(self._row(condition))
            time.sleep(SETTLING_S)
            self.proxy.take()
            measured.scans.append(self.scanner.scan())
            measured.seen.append(self.proxy.take())
            expected = {HOST: self.crowd.expected()}
            measured.verdicts.append(measured.scans[-1].judged(expected))
        return measured

    def _arrange(self, condition: Condition) -> None:
        registry, tokens = self.registries[condition.auth]
        refusal = "" if condition.refusal == "none" else condition.refusal
        self.proxy.stand_before(registry.address, tokens)
        self.proxy.behave(delay_ms=condition.delay_ms, refusal=refusal)

    def _row(self, condition: Condition) -> Json:
        return row_of(self.registries[condition.auth][0], self.proxy.address)


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    is_right = True
    with staged() as stage:
        need("dockerd", "registry")
        bench = prepared(stage, options)
        print(figures.row(list(COLUMNS), COLUMNS.values()), flush=True)
        for condition in conditions(options):
            measured = bench.measure(condition, options.repeat)
            print(figures.row(measured.cells(), COLUMNS.values()), flush=True)
            is_right &= measured.is_right
    if not is_right:
        sys.exit("Not every verdict is right.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a check of 100 containers.")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="Times, each check.")
    parser.add_argument("--containers", type=int, default=100, metavar="N")
    parser.add_argument("--delays", type=int, nargs="+", default=[*TARGETS_S], metavar="MS")
    parser.add_argument("--auth", nargs="+", default=AUTH, choices=AUTH)
    parser.add_argument("--refusals", nargs="+", default=REFUSALS, choices=REFUSALS)
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def conditions(options: argparse.Namespace) -> Iterator[Condition]:
    for refusal, auth, delay_ms in product(options.refusals, options.auth, options.delays):
        for is_first in (True, False):
            yield Condition(auth, refusal, delay_ms, is_first)


def prepared(stage: Stage, options: argparse.Namespace) -> Bench:
    """Everything started, and the crowd's containers running."""
    proxy = stage.start(DelayProxy())
    registries = {"open": open_registry(stage), "token": token_registry(stage, proxy)}
    engine = stage.start(Dockerd(stage.root / "e"))
    crowd = Crowd(proxy.address, options.containers, options.containers // 10)
    source, _ = registries["open"]
    proxy.stand_before(source.address)
    print(f"{crowd.count} containers are made and started...", flush=True)
    gather(crowd, engine, source)
    url = stage.database(options.database)
    scanner = stage.start(Scanner(stage.root, url, {HOST: engine.url}))
    return Bench(crowd, proxy, registries, scanner)


def open_registry(stage: Stage) -> tuple[Registry, str]:
    return stage.start(Registry(stage.root / "open")), ""


def token_registry(stage: Stage, proxy: DelayProxy) -> tuple[Registry, str]:
    """One that has what the open one has, and its token service, which is behind the proxy too."""
    registry = Registry(stage.root / "token", "token")
    registry.root.mkdir()
    (registry.root / "store").symlink_to(stage.root / "open" / "store")
    assert registry.token_server
    tokens = registry.token_server.realm.split("/")[2]
    registry.token_server.realm = f"http://{proxy.address}/token"
    return stage.start(registry), tokens


if __name__ == "__main__":
    main()
