"""A scan of 100 containers on 20 references, over TLS and with tokens, and the scans after it."""

import argparse
from collections import Counter

from bench import figures
from bench.scans import Scanner, row_of
from bench.stage import DATABASE_HELP, need, staged
from tests.lab.authority import Authority
from tests.lab.dockerd import Dockerd
from tests.lab.registry import Registry
from tests.runs.crowd import CONTAINERS, REFERENCES, make_crowd


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    with staged() as stage:
        need("dockerd", "registry")
        registry = stage.start(Registry(stage.root / "r", "token", Authority()))
        engine = stage.start(Dockerd(stage.root / "e"))
        make_crowd(engine, registry, containers=options.containers, count=options.references)
        url = stage.database(options.database)
        scanner = stage.start(Scanner(stage.root, url, {"lab": engine.url}))
        print(f"{options.containers} containers on {options.references} references", flush=True)
        measure(scanner, registry, options.scans)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a scan of shared references.")
    parser.add_argument("--containers", type=int, default=CONTAINERS, metavar="N")
    parser.add_argument("--references", type=int, default=REFERENCES, metavar="N")
    parser.add_argument("--scans", type=int, default=3, metavar="N", help="One after the other.")
    parser.add_argument("--database", default="", metavar="URL", help=DATABASE_HELP)
    return parser.parse_args()


def measure(scanner: Scanner, registry: Registry, scans: int) -> None:
    """Scan again and again, and print what each time cost."""
    scanner.begin(row_of(registry))
    for number in range(1, scans + 1):
        before = cost(registry)
        scan = scanner.scan()
        spent = ", ".join(f"{n} {what}" for what, n in (cost(registry) - before).items())
        print(
            f"scan {number}: {scan.seconds:.2f} s, {scan.engine_calls} engine calls, {spent},"
            f" {figures.mib(scan.rss_kib)} resident",
            flush=True,
        )


def cost(registry: Registry) -> Counter[str]:
    """What the registry was asked so far, by its own log."""
    asked = Counter(
        f"{one.method} {one.status}" for one in registry.requests() if "/manifests/" in one.path
    )
    assert registry.token_server
    return asked + Counter({"tokens": len(registry.token_server.requests)})


if __name__ == "__main__":
    main()
