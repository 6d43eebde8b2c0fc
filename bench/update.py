"""An update of 100 containers on 20 references, some of them stale, on a real engine.

A real registry that is open to all. A reference that moves makes the five containers on it stale.
Then the same with half of the containers: what an update asks of the engine has to grow with the
stale ones, and not with all. A container may be inspected once in its life, to learn what it shares
with others: so a host's first update is told apart, and the later updates that are compared follow
ones that recreated equally many.
"""

import argparse
import sys
from collections.abc import Sequence

from bench import figures
from bench.child import Child
from bench.stage import DATABASE_HELP, Stage, environment, need, staged
from bench.town import EACH, Town, Update
from tests.lab.dockerd import Dockerd
from tests.lab.registry import Registry

# How many references move before each update. What is compared follows an update of two.
MANY = (2, 2, 4, 0, 0)
FEW = (2, 2, 0, 0)


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    with staged() as stage:
        town = prepared(stage, options)
        many = measure(town, MANY)
        town.halve()
        few = measure(town, FEW)
    compare(many, few)
    if not all(one.is_right for one in (*many, *few)):
        sys.exit("Not every container became what it should.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure updates of shared references.")
    parser.add_argument(
        "--references", type=int, default=20, metavar="N", help=f"With {EACH} containers each."
    )
    parser.add_argument("--gate", type=int, default=1, metavar="S", help="A new one has to run.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def prepared(stage: Stage, options: argparse.Namespace) -> Town:
    """Everything started, and the containers running."""
    need("dockerd", "registry")
    registry = stage.start(Registry(stage.root / "r"))
    engine = stage.start(Dockerd(stage.root / "e"))
    env = environment(stage.root, stage.database(options.database))
    updater = stage.start(Child("bench.updater", env))
    town = Town(engine, registry, updater, options.gate, options.references)
    print(
        f"{town.containers} containers on {town.references} references are started; each new one"
        f" is watched for {options.gate} s (gate_seconds)",
        flush=True,
    )
    town.build()
    return town


def measure(town: Town, moves: Sequence[int]) -> list[Update]:
    """Update after update, from an empty database on, each printed."""
    town.begin()
    done = []
    for number, move in enumerate(moves):
        done.append(town.update(move))
        done[-1].report("later update" if number else "first update")
    return done


def compare(many: Sequence[Update], few: Sequence[Update]) -> None:
    """Print what the calls of later updates grow with."""
    idle, ten, twenty = many[-1], many[1], many[2]
    print("later updates, engine calls:")
    tell(many[-1], many[1], many[2])
    tell(few[-1], few[1])
    most = few[1].engine_calls
    verdict = figures.judged(ten.engine_calls, most)
    print(f"calls with twice the containers: {ten.engine_calls}, <= {most} {verdict}")
    most = idle.engine_calls + 2 * (ten.engine_calls - idle.engine_calls)
    verdict = figures.judged(twenty.engine_calls, most)
    print(f"calls with twice the stale ones: {twenty.engine_calls}, <= {most} {verdict}")


def tell(idle: Update, *busy: Update) -> None:
    print(f"  {idle.containers:>4} containers, {idle.stale:>2} stale: {idle.engine_calls:>4}")
    for one in busy:
        each = f"{one.calls_each(idle):.1f} for each stale one"
        print(
            f"  {one.containers:>4} containers, {one.stale:>2} stale: {one.engine_calls:>4}, {each}"
        )


if __name__ == "__main__":
    main()
