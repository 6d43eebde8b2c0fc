"""All that a drill needs, started: an engine, a database, the worker and its rescuers."""

from bench.child import Child
from bench.stage import LAB, Stage, environment, need
from tests.drill.drill import ENGINE_TIMEOUT_S, LEASE_S, Drill
from tests.drill.floor import Floor
from tests.drill.journal_wire import JournalWire
from tests.drill.wire import EngineWire
from tests.lab.clock import Clock
from tests.lab.disk import Disk
from tests.lab.dockerd import Dockerd
from tests.lab.newer_dockerd import NewerDockerd

_DISK = "384m"  # Enough for what a server of PostgreSQL writes at first.
MODULE = "tests.drill.worker"


def built(stage: Stage, *, on_sqlite: bool = False, is_newer: bool = False) -> Drill:
    """Everything started; the stage ends it. `is_newer`: on an engine of API 1.44 or later."""
    need("newer dockerd" if is_newer else "dockerd", "clock")
    engine = stage.start(NewerDockerd(stage.root / "e") if is_newer else Dockerd(stage.root / "e"))
    clock = stage.start(Clock(stage.root / "clock"))
    disk = stage.start(Disk(stage.root / "disk", _DISK))
    database = stage.database("" if on_sqlite else LAB, clock.environment, disk.path)
    wire = stage.start(EngineWire(engine.socket, stage.root / "wire.sock"))
    journal = stage.start(JournalWire(stage.root / "journal.sock"))
    env = environment(stage.root, database) | {
        "DRILL_SOCKET": str(journal.path),
        "WATCHWEB_LEASE_SECONDS": str(LEASE_S),
        "WATCHWEB_ENGINE_TIMEOUT": str(ENGINE_TIMEOUT_S),
        "WATCHWEB_GATE_SECONDS": "0",
        "WATCHWEB_LOG_LEVEL": "CRITICAL",
    }
    worker, *rescuers = [stage.start(Child(MODULE, env)) for _ in range(3)]
    api = engine.api()
    server = "" if on_sqlite else database
    parts = (engine, Floor(api), wire, worker, rescuers, journal, clock, disk)
    drill = Drill(*parts, server)
    drill.begin()
    return drill
