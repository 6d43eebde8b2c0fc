"""What each page costs the server, with years of history in the database.

50 hosts, 5,000 containers, 10,000 runs and a million results by default. The request goes through
the whole of Django, in one process, without a web server. A page is held to 150 ms (95 %), fewer
than 15 statements and 100 KB; a poll that finds nothing new to a 304 within 10 ms; a file that is
streamed to its statements alone. "Of its own" is the median of this process's time on the
processor: other work on the machine does not count.
"""

import argparse
from statistics import median, quantiles

from bench import figures
from bench.child import Child, Json
from bench.page_addresses import FILES, PAGES, POLLS
from bench.stage import DATABASE_HELP, environment, staged

LIMIT_MS, POLL_LIMIT_MS, LIMIT_STATEMENTS, LIMIT_BYTES = 150.0, 10.0, 15, 100_000
LONGEST_S = 3600.0
HEADINGS = ("page", "p95 ms", "median", "of its own", "statements", "kB", "")
WIDTHS = (26, 8, 8, 11, 11, 6, 5)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the pages.")
    for name, count in (("hosts", 50), ("containers", 5000), ("runs", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N")
    parser.add_argument("--results", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--times", type=int, default=40, metavar="N", help="For each figure.")
    parser.add_argument("--only", default="", metavar="TEXT", help="Pages whose name has this.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    options = parser.parse_args()
    print(figures.machine(), flush=True)
    with staged() as stage:
        env = environment(stage.root, stage.database(options.database))
        reader = stage.start(Child("bench.page_reader", env))
        sizes = {one: getattr(options, one) for one in ("hosts", "containers", "runs", "results")}
        facts = reader.ask(LONGEST_S, do="fill", **sizes)
        print(", ".join(f"{count} {what}" for what, count in sizes.items()), flush=True)
        print(figures.row(HEADINGS, WIDTHS))
        for name, pattern in (PAGES | FILES | POLLS).items():
            if options.only in name:
                report(name, read(reader, name, pattern.format(**facts), options.times))


def read(reader: Child, name: str, path: str, times: int) -> Json:
    """A poll is told what it has seen already."""
    headers = {}
    if name in POLLS:
        seen = reader.ask(LONGEST_S, do="read", path=path, times=0, headers={})
        headers = {"If-None-Match": seen["etag"]}
    said = reader.ask(LONGEST_S, do="read", path=path, times=times, headers=headers)
    wanted = 304 if name in POLLS else 200
    assert said["status"] == wanted, f"{name}: {said['status']}"
    return said


def report(name: str, said: Json) -> None:
    taken = [1000 * one for one in said["seconds"]]
    p95 = quantiles(taken, n=20)[-1]
    limit_ms = POLL_LIMIT_MS if name in POLLS else LIMIT_MS
    is_quick = name in FILES or (p95 <= limit_ms and said["bytes"] <= LIMIT_BYTES)
    verdict = "PASS" if is_quick and said["statements"] < LIMIT_STATEMENTS else "over"
    busy = f"{1000 * median(said['busy']):.1f}"
    numbers = (f"{p95:.1f}", f"{median(taken):.1f}", busy, str(said["statements"]))
    cells = (name, *numbers, f"{said['bytes'] / 1000:.0f}", verdict)
    print(figures.row(cells, WIDTHS), flush=True)


if __name__ == "__main__":
    main()
