"""All that a drill needs, started: an engine, a database, the worker and its rescuers."""

from bench.child import Child
from bench.stage import LAB, Stage, environment, need
from tests.drill.drill import ENGINE_TIMEOUT_S, LEASE_S, Drill
from tests.drill.journal_wire import JournalWire
from tests.drill.kinds import Floor
from tests.drill.wire import EngineWire
from tests.lab.dockerd import Dockerd

MODULE = "tests.drill.worker"


def built(stage: Stage) -> Drill:
    """Everything started; the stage ends it."""
    need("dockerd")
    engine = stage.start(Dockerd(stage.root / "e"))
    database = stage.database(LAB)
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
    drill = Drill(engine, Floor(api), wire, worker, rescuers, journal, database)
    drill.begin()
    return drill
