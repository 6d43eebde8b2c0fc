"""The kill drill: every point, every kind, every cause; a table of what became of each.

    python -m tests.drill                       all of it: some hours
    python -m tests.drill --kinds plain rm --causes kill engine
    python -m tests.drill --every 5 --from 2    each fifth point, from the third one on

Exit code 1 if anything was lost, doubled, left over or told wrongly.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing

from bench.stage import staged
from tests.drill.drill import Drill, Outcome
from tests.drill.kinds import KINDS, Kind
from tests.drill.points import Cause, all_points
from tests.drill.setting import built
from tests.drill.table import Table


def main() -> int:
    options = arguments()
    table = Table()
    kinds = [one for one in KINDS if one.name in options.kinds]
    chosen = {"on_sqlite": options.sqlite, "is_newer": options.newer_engine}
    with staged() as stage, closing(built(stage, **chosen)) as drill:
        for kind in kinds:
            for outcome in drilled(drill, kind, options):
                print(outcome, flush=True)
                table.add(outcome)
    print(table)
    return 1 if table.has_trouble else 0


def drilled(drill: Drill, kind: Kind, options: argparse.Namespace) -> Iterator[Outcome]:
    """Each point of a kind, cause by cause."""
    effects, writes = drill.record(kind)
    for cause in map(Cause, options.causes):
        found = all_points(effects, writes, cause, kind, on_sqlite=options.sqlite)
        for point in found[options.first :: options.every]:
            yield drill.run(kind, point, cause)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.drill", description="The kill drill.")
    names = [kind.name for kind in KINDS]
    parser.add_argument("--kinds", nargs="+", default=names, choices=names)
    causes = [str(cause) for cause in Cause if cause is not Cause.PERSON]  # Their tests do that.
    parser.add_argument("--causes", nargs="+", default=causes, choices=causes)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="Only each N-th point.")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="N")
    parser.add_argument("--sqlite", action="store_true", help="Instead of PostgreSQL.")
    parser.add_argument("--newer-engine", action="store_true", help="One of API 1.44 or later.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
