"""How long a scan takes, and what it costs: a real engine and a real registry with token access.

make bench                          100 containers on 20 references
make bench ARGS="--containers 500"
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django reads its settings only once the environment is made.
    from updates.flow.session import Params
    from updates.models import Host

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.lab.authority import Authority  # noqa: E402
from tests.lab.dockerd import Dockerd  # noqa: E402
from tests.lab.missing import LabError, missing  # noqa: E402
from tests.lab.registry import Registry  # noqa: E402
from tests.runs.crowd import CONTAINERS, REFERENCES, make_crowd  # noqa: E402


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="watchweb-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "watchweb.settings",
            "WATCHWEB_DATA": folder + "/data",
            "DATABASE_URL": options.database or f"sqlite:///{folder}/data/bench.sqlite3",
            "DOCKER_CONFIG": "/nonexistent",
        }
        try:
            with lab(Path(folder)) as (engine, registry):
                began = time.monotonic()
                make_crowd(
                    engine, registry, containers=options.containers, count=options.references
                )
                made_s = time.monotonic() - began
                print(
                    f"{options.containers} containers on {options.references} references,"
                    f" made in {made_s:.1f} s"
                )
                measure(engine, registry, options.scans)
        except LabError as error:
            sys.exit(f"The bench cannot start: {error}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a scan against the lab.")
    parser.add_argument("--containers", type=int, default=CONTAINERS, metavar="N")
    parser.add_argument("--references", type=int, default=REFERENCES, metavar="N")
    parser.add_argument("--scans", type=int, default=3, metavar="N", help="One after the other.")
    parser.add_argument("--database", default="", metavar="URL", help="An empty database.")
    return parser.parse_args()


@contextmanager
def lab(root: Path) -> Iterator[tuple[Dockerd, Registry]]:
    """A private engine, and a registry that wants tokens, over TLS. Raises LabError."""
    for part in ("dockerd", "registry"):
        if why := missing(part):
            raise LabError(why)
    engine, registry = Dockerd(root / "e"), Registry(root / "r", "token", Authority())
    with ExitStack() as stack:
        for one in (registry, engine):
            stack.callback(one.stop)
            one.start()
        yield engine, registry


def measure(engine: Dockerd, registry: Registry, scans: int) -> None:
    """Scan again and again, and print what each time cost."""
    import django

    django.setup()
    from django.core.management import call_command

    from updates.flow.session import Kind, Params
    from updates.models import Host
    from updates.models import Registry as Row

    call_command("migrate", verbosity=0)
    Row.objects.create(
        domain=registry.address,
        username=registry.username,
        password=registry.password,
        ca_pem=registry.ca_pem,
        trust=Row.Trust.CA_ONLY,
    )
    host = Host.objects.create(name="lab", url=engine.url)
    for number in range(1, scans + 1):
        before = cost(registry)
        seconds, calls = scan(host, Params(kind=Kind.SCAN))
        spent = ", ".join(f"{n} {what}" for what, n in (cost(registry) - before).items())
        print(f"scan {number}: {seconds:.2f} s, {calls} engine calls, {spent}")


def scan(host: "Host", params: "Params") -> tuple[float, int]:
    """(seconds, engine calls) of one scan in this process."""
    from updates.models import HostRun, UpdateRun
    from updates.runs.execute import execute_host_run
    from updates.triggers import trigger_run

    run = trigger_run([host], params, source=UpdateRun.Trigger.COMMAND, in_background=False)
    part = HostRun.objects.get(run=run)
    began = time.monotonic()
    execute_host_run(part.pk)
    seconds = time.monotonic() - began
    part.refresh_from_db()
    assert part.state == "finished", part.error
    return seconds, part.engine_calls


def cost(registry: Registry) -> Counter[str]:
    """What the registry was asked so far, by its own log."""
    asked = Counter(
        f"{one.method} {one.status}" for one in registry.requests() if "/manifests/" in one.path
    )
    assert registry.token_server
    return asked + Counter({"tokens": len(registry.token_server.requests)})


if __name__ == "__main__":
    main()
