"""500 distinct references behind 50 ms: how near a scan comes to what its connections allow.

The limit is requests x latency / connections. The engine is simulated, the registry a real one.
"""

import argparse
import sys

from bench import figures
from bench.engines import Inventory
from bench.simulation import Counted, Simulation, simulated
from bench.stage import DATABASE_HELP, MAX_CONNECTIONS, staged

MAX_RATIO = 2.0
# Scans until memory has levelled off, as seen; with MALLOC_ARENA_MAX=1 it does so within ten.
_SETTLED = 40


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    with staged() as stage:
        simulation = simulated(
            stage,
            lambda images: {"lab": Inventory(images)},
            references=options.references,
            delay_ms=options.delay,
            database=options.database,
        )
        is_right = measure(simulation, options)
    if not is_right:
        sys.exit("Not every verdict is right.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a scan of 500 references.")
    parser.add_argument("--references", type=int, default=500, metavar="N")
    parser.add_argument("--delay", type=int, default=50, metavar="MS")
    parser.add_argument("--scans", type=int, default=60, metavar="N", help="One after the other.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def measure(simulation: Simulation, options: argparse.Namespace) -> bool:
    """Scan again and again and print each; True if every verdict was right."""
    resident = [simulation.begin()]
    done: list[Counted] = []
    print(f"{options.references} references, {figures.mib(resident[0])} resident", flush=True)
    for number in range(1, options.scans + 1):
        done.append(simulation.scan())
        print(f"scan {number}: {told(done[-1], options.delay, resident[-1])}", flush=True)
        resident.append(done[-1].scan.rss_kib)
    print(f"{figures.spread([one.scan.seconds for one in done])} (median / best)")
    if options.scans > _SETTLED:
        grown = figures.growth(resident[_SETTLED], resident[-1])
        print(f"Memory grew by {grown} after scan {_SETTLED}.")
    return all(one.verdicts.is_all_right for one in done)


def told(counted: Counted, delay_ms: int, rss_before_kib: int) -> str:
    """One scan in a line."""
    scan, seen = counted.scan, counted.seen
    limit_s = seen.total * delay_ms / 1000 / MAX_CONNECTIONS
    time = f"{scan.seconds:.2f} s"
    if limit_s:
        ratio = scan.seconds / limit_s
        time += f" = {ratio:.2f} x {limit_s:.2f} s, {figures.judged(ratio, MAX_RATIO)}"
    is_few = figures.judged(seen.peak_open, MAX_CONNECTIONS)
    memory = f"{figures.mib(scan.rss_kib)} {figures.growth(rss_before_kib, scan.rss_kib)}"
    connections = f"{seen.peak_open} connections {is_few}"
    return "; ".join([time, seen.kinds, connections, memory, str(counted.verdicts)])


if __name__ == "__main__":
    main()
