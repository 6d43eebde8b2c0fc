"""Simulated engines, and a real registry behind the counting proxy: many of everything, cheaply."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.engines import Engines, Inventory
from bench.images import Tagged, push_many
from bench.proxy import DelayProxy, Seen
from bench.scans import Scan, Scanner, Verdicts, row_of
from bench.stage import SETTLING_S, Stage, need
from tests.lab.registry import Registry

type Distribution = Callable[[Sequence[Tagged]], Mapping[str, Inventory]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A scan, with what the registry and the engines saw of it; `calls` by path."""

    scan: Scan
    seen: Seen
    calls: Mapping[str, int]
    verdicts: Verdicts


@dataclass(frozen=True, slots=True)
class Simulation:
    """Engines to scan, and what counts at both ends."""

    engines: Engines
    registry: Registry
    proxy: DelayProxy
    scanner: Scanner

    def begin(self) -> int:
        """As on the first day; resident memory in KiB before a scan."""
        return self.scanner.begin(row_of(self.registry, self.proxy.address))

    def scan(self) -> Counted:
        """Scan all of them once. Raises BenchError."""
        time.sleep(SETTLING_S)
        self.proxy.take()
        self.engines.take()
        scan = self.scanner.scan()
        verdicts = scan.judged(self.engines.expected())
        return Counted(scan, self.proxy.take(), self.engines.take(), verdicts)


def simulated(
    stage: Stage, distribution: Distribution, *, references: int, delay_ms: int, database: str
) -> Simulation:
    """Everything started. `distribution` says which engine runs which of the images."""
    need("registry")
    proxy = stage.start(DelayProxy())
    registry = stage.start(Registry(stage.root / "registry"))
    proxy.stand_before(registry.address)
    proxy.behave(delay_ms=delay_ms)
    engines = stage.start(Engines(distribution(push_many(registry, proxy.address, references))))
    url = stage.database(database)
    scanner = stage.start(Scanner(stage.root, url, engines.urls))
    return Simulation(engines, registry, proxy, scanner)
