"""What the journal costs: writes to the database for one replacement, and the downtime without it.

Two equal containers take turns: one is replaced with its journal and record in the database, the
other with neither. Downtime as in `downtime`.
"""

import argparse
from contextlib import closing
from statistics import median

from bench import figures
from bench.child import Child
from bench.pair import IMAGES, Downtime
from bench.stage import DATABASE_HELP, environment, need, staged
from bench.timed_engine import Call
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec, archive, build

WAYS = ("ours", "unwritten")
HOST = {"NetworkMode": "none", "RestartPolicy": {"Name": "unless-stopped"}}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what the journal costs.")
    parser.add_argument("--rounds", type=int, default=20, metavar="N")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    options = parser.parse_args()
    print(figures.machine(), flush=True)
    need("dockerd")
    with staged() as stage:
        engine = stage.start(Dockerd(stage.root / "e"))
        env = environment(stage.root, stage.database(options.database))
        replacer = stage.start(Child("bench.replacer", env))
        version = replacer.ask(do="begin", url=engine.url)["engine"]
        print(f"Docker Engine {version}, {options.rounds} rounds; medians in ms")
        start(engine)
        report(replacer, options.rounds)


def start(engine: Dockerd) -> None:
    """A running container for each way."""
    with closing(engine.api()) as api:
        for number, name in enumerate(IMAGES):
            api.load_image(archive(build(ImageSpec(version=str(number))), name))
        for way in WAYS:
            body = {"Image": IMAGES[0], "HostConfig": HOST}
            api.start(api.create_container_from_config(body, way)["Id"])


def report(replacer: Child, rounds: int) -> None:
    """Round 0 warms up."""
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    writes: dict[str, int] = {}
    for number in range(rounds + 1):
        for way in WAYS if number % 2 else WAYS[::-1]:
            answer = replacer.ask(do=way, name=way, image=IMAGES[(number + 1) % 2])
            if number:
                taken[way].append(Downtime.of([Call(*one) for one in answer["calls"]]).seconds)
            writes = answer["writes"] or writes
    told = ", ".join(f"{table} {number}" for table, number in writes.items())
    print(f"writes for one replacement: {sum(writes.values())} ({told})")
    ours, without = (1000 * median(taken[way]) for way in WAYS)
    print(f"downtime {ours:.0f} with, {without:.0f} without: {ours - without:+.1f}")


if __name__ == "__main__":
    main()
