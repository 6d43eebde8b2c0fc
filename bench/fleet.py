"""5,000 containers on 200 references over 50 hosts: what a scan of a fleet costs.

The engines are simulated, the registry is a real one behind the counting proxy. Hosts are of
different sizes: what a scan says to the database must not depend on how many containers there are.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from statistics import median

from bench import figures
from bench.engines import Inventory
from bench.images import Tagged
from bench.simulation import Counted, Simulation, simulated
from bench.stage import DATABASE_HELP, staged

_STALE_EVERY = 10
_STRIDE = 7  # Between the first references of two hosts, so that each is on many hosts.


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    with staged() as stage:
        simulation = simulated(
            stage,
            lambda images: distributed(images, options.containers, options.hosts),
            references=options.references,
            delay_ms=options.delay,
            database=options.database,
        )
        is_right = measure(simulation, options.references, options.scans)
    if not is_right:
        sys.exit("Not every verdict is right.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure scans of a fleet.")
    parser.add_argument("--containers", type=int, default=5000, metavar="N")
    parser.add_argument("--references", type=int, default=200, metavar="N")
    parser.add_argument("--hosts", type=int, default=50, metavar="N")
    parser.add_argument("--delay", type=int, default=0, metavar="MS", help="Of the registry.")
    parser.add_argument("--scans", type=int, default=4, metavar="N", help="One after the other.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def distributed(images: Sequence[Tagged], containers: int, hosts: int) -> dict[str, Inventory]:
    """As many containers in all, each host having two more than the one before it."""
    stale = frozenset(one.reference for one in images[::_STALE_EVERY])
    sizes = [max(1, containers // hosts + 2 * number - hosts + 1) for number in range(hosts)]
    return {
        f"host-{number}": Inventory(
            [images[(number * _STRIDE + one) % len(images)] for one in range(size)], stale
        )
        for number, size in enumerate(sizes)
    }


def measure(simulation: Simulation, references: int, scans: int) -> bool:
    """Scan again and again and print each; True if every verdict was right."""
    simulation.begin()
    sizes = {name: len(one.images) for name, one in simulation.engines.inventories.items()}
    done: list[Counted] = []
    for number in range(1, scans + 1):
        done.append(simulation.scan())
        print(f"scan {number}: {done[-1].scan.seconds:.2f} s, {done[-1].verdicts}")
        print(f"  registry: {told_of_registry(done[-1], references)}")
        print(f"  engines:  {told_of_engines(done[-1], len(sizes), is_first=number == 1)}")
        print(f"  database: {told_of_database(done[-1], sizes)}", flush=True)
    if scans > 1:
        later = figures.spread([one.scan.seconds for one in done[1:]])
        print(f"after the first: {later} (median / best)")
    return all(one.verdicts.is_all_right for one in done)


def told_of_registry(counted: Counted, references: int) -> str:
    heads = counted.seen.requests.get("HEAD", 0)
    target = f"HEAD <= {references} {figures.judged(heads, references)}"
    connections = f"{counted.seen.peak_open} connections"
    memory = f"{figures.mib(counted.scan.rss_kib)} resident"
    return f"{counted.seen.kinds}, {target}; {connections}; {memory}"


def told_of_engines(counted: Counted, hosts: int, *, is_first: bool) -> str:
    """The first scan asks each engine what it is, too."""
    total = sum(counted.calls.values())
    target = "" if is_first else f", <= {2 * hosts} {figures.judged(total, 2 * hosts)}"
    paths = ", ".join(f"{count} {path}" for path, count in sorted(counted.calls.items()))
    return f"{total} calls{target} ({paths})"


def told_of_database(counted: Counted, sizes: Mapping[str, int]) -> str:
    """Statements in the hosts' own threads, by size of host, and in all others."""
    by_host, by_thread = counted.scan.by_host, counted.scan.by_thread
    counts = sorted(by_host[name] for name in sizes)
    few, many = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    others = ", ".join(f"{count} in {name}" for name, count in sorted(by_thread.items()))
    return (
        f"{counts[0]} to {counts[-1]} statements a host, median {median(counts):.0f}"
        f" ({by_host[few]} with {sizes[few]} containers, {by_host[many]} with {sizes[many]});"
        f" in all: {sum(counts)} in hosts, {others}"
    )


if __name__ == "__main__":
    main()
