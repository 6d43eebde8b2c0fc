"""What one scrape of /metrics costs an installation that is large and has run for long.

50 hosts, 5,000 containers and a million results by default, and every series that there may be.
The rows are written in bulk; what is measured is a process of its own that reads and renders them.
"""

import argparse
from statistics import median

from bench import figures
from bench.child import Child, Json
from bench.stage import DATABASE_HELP, environment, staged

LONGEST_S = 3600.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a scrape of the metrics.")
    parser.add_argument("--hosts", type=int, default=50, metavar="N")
    parser.add_argument("--containers", type=int, default=5000, metavar="N")
    parser.add_argument("--results", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--scrapes", type=int, default=30, metavar="N")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    options = parser.parse_args()
    print(figures.machine(), flush=True)
    with staged() as stage:
        env = environment(stage.root, stage.database(options.database))
        scraper = stage.start(Child("bench.scraper", env))
        filled = scraper.ask(
            LONGEST_S,
            do="fill",
            hosts=options.hosts,
            containers=options.containers,
            results=options.results,
        )
        print(", ".join(f"{count} {what}" for what, count in filled.items()), flush=True)
        for path in ("/metrics", "/v1/metrics"):
            report(path, scraper.ask(LONGEST_S, do="scrape", path=path, times=options.scrapes))


def report(path: str, said: Json) -> None:
    taken = sorted(1000 * one for one in said["seconds"])
    late = taken[int(0.95 * len(taken))]
    print(
        f"{path}: {median(taken):.0f} ms (median), {taken[0]:.0f} (best), {late:.0f} (95 %), "
        f"{1000 * said['in_database']:.0f} of the last in the database; "
        f"{said['statements']} statements, {said['samples']} samples, {said['kib']} KiB"
    )


if __name__ == "__main__":
    main()
