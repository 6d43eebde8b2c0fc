"""What each page costs the server, with years of history in the database.

50 hosts, 5,000 containers, 10,000 runs and a million results by default. The request goes through
the whole of Django, in one process, without a web server. A page is held to 150 ms (95 %), 15
statements and 100 KB; a file that is streamed to its statements alone. "Of its own" is the median
of this process's time on the processor: other work on the machine does not count.
"""

import argparse
from statistics import median, quantiles

from bench import figures
from bench.child import Child, Json
from bench.stage import DATABASE_HELP, environment, staged

PAGES = {
    "containers": "/containers/",
    "the last page": "/containers/?page=100",
    "search": "/containers/?q=app-7",
    "search of nothing": "/containers/?q=zzzz",
    "host": "/containers/?host={host}",
    "stack": "/containers/?stack=stack-003",
    "state and health": "/containers/?state=running&health=unhealthy",
    "image": "/containers/?image=team-3",
    "has an update": "/containers/?status=update_available",
    "policy: automatic": "/containers/?policy=automatic",
    "policy: held": "/containers/?policy=held",
    "policy: blocked": "/containers/?policy=blocked",
    "policy: monitor only": "/containers/?policy=monitor_only",
    "by stack": "/containers/?group=stack",
    "by host": "/containers/?group=host&sort=-updated_at",
    **{
        f"sorted by {name}": f"/containers/?sort={name}"
        for name in ("name", "stack", "host", "image", "version", "state", "status")
    },
    "sorted by answer": "/containers/?sort=-answered_at",
    "sorted by change": "/containers/?sort=updated_at",
    "CSV": "/containers.csv",
    "JSON": "/containers.json",
}
LIMIT_MS, LIMIT_STATEMENTS, LIMIT_BYTES = 150.0, 15, 100_000
LONGEST_S = 3600.0
HEADINGS = ("page", "p95 ms", "median", "of its own", "statements", "kB", "")
WIDTHS = (24, 8, 8, 11, 11, 6, 5)


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
        for name, pattern in PAGES.items():
            if options.only in name:
                path = pattern.format(**facts)
                said = reader.ask(LONGEST_S, do="read", path=path, times=options.times, headers={})
                report(name, said)


def report(name: str, said: Json) -> None:
    assert said["status"] == 200, f"{name}: {said['status']}"
    taken = [1000 * one for one in said["seconds"]]
    p95 = quantiles(taken, n=20)[-1]
    is_file = name in ("CSV", "JSON")
    is_quick = is_file or (p95 <= LIMIT_MS and said["bytes"] <= LIMIT_BYTES)
    verdict = "PASS" if is_quick and said["statements"] < LIMIT_STATEMENTS else "over"
    busy = f"{1000 * median(said['busy']):.0f}"
    numbers = (f"{p95:.0f}", f"{median(taken):.0f}", busy, str(said["statements"]))
    cells = (name, *numbers, f"{said['bytes'] / 1000:.0f}", verdict)
    print(figures.row(cells, WIDTHS), flush=True)


if __name__ == "__main__":
    main()
