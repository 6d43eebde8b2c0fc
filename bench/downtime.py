"""The downtime of one container: replaced as the product does it, and by hand, in one run.

By hand is stop, remove, create and start; the same engine, client and create body. "Typed" are the
same four as docker commands, which is how a person does it. Downtime is
from the call to stop the old container until the call to start the new one has come back; the same
for both. What the product writes into its database in between is in it. The containers end at once
on their signal, so that what counts is the engine's work. The two ways take turns.
"""

import argparse
from contextlib import ExitStack, closing
from itertools import product

import docker

from bench import figures
from bench.child import Child
from bench.pair import BRIDGE, IMAGES, Pair
from bench.stage import DATABASE_HELP, Stage, environment, need, staged
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec, archive, build
from tests.lab.newer_dockerd import NewerDockerd

NETWORKS = ("none", "host", "bridge")
SUBNET = "10.214.7.0/24"


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    with staged() as stage, ExitStack() as ends:
        pairs = prepared(stage, ends, options)
        for number in range(options.rounds + 1):
            for pair in pairs:
                pair.replace(number)
        for pair in pairs:
            pair.report()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the downtime of one container.")
    parser.add_argument("--rounds", type=int, default=20, metavar="N")
    parser.add_argument("--networks", nargs="+", default=("none", "bridge"), choices=NETWORKS)
    parser.add_argument(
        "--written", type=int, nargs="+", default=(0, 1000), metavar="N", help="Files of 20 kB."
    )
    parser.add_argument("--newer", action="store_true", help="The lab's newer engine.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def prepared(stage: Stage, ends: ExitStack, options: argparse.Namespace) -> list[Pair]:
    """Everything started, and a pair of each kind running."""
    need("newer dockerd" if options.newer else "dockerd")
    root = stage.root / "e"
    engine = stage.start(NewerDockerd(root) if options.newer else Dockerd(root))
    env = environment(stage.root, stage.database(options.database))
    replacer = stage.start(Child("bench.replacer", env))
    version = replacer.ask(do="begin", url=engine.url)["engine"]
    print(f"Docker Engine {version}, {options.rounds} rounds; medians in ms", flush=True)
    api = ends.enter_context(closing(engine.api()))
    pools = [docker.types.IPAMPool(subnet=SUBNET)]
    api.create_network(BRIDGE, driver="bridge", ipam=docker.types.IPAMConfig(pool_configs=pools))
    for number, name in enumerate(IMAGES):
        api.load_image(archive(build(ImageSpec(version=str(number))), name))
    kinds = product(options.networks, options.written)
    pairs = [Pair(api, replacer, network, written) for network, written in kinds]
    for pair in pairs:
        pair.start()
    return pairs


if __name__ == "__main__":
    main()
