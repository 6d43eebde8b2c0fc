"""One case of the drill: a kind is updated, a fault falls at a point, others put it right."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.child import Child
from tests.drill.floor import Floor
from tests.drill.journal_wire import JournalWire
from tests.drill.kinds import Kind
from tests.drill.points import HOURS, Cause, Point, Side, Source
from tests.drill.wire import After, EngineWire
from tests.lab.clock import HOUR_S, Clock
from tests.lab.disk import Disk
from tests.lab.dockerd import Dockerd

Json = dict[str, Any]
LEASE_S = 2
ENGINE_TIMEOUT_S = 3
_PUT_RIGHT_WITHIN_S = 60.0
_END_WITHIN_S = 150.0  # A hook that hangs is given up after a minute.
_RESCUERS_THAT_DIE = 5
_KILLS = (Cause.KILL, Cause.AGAIN, Cause.LATE)
_AFTER = dict.fromkeys(_KILLS, After.IS_CUT) | {
    Cause.ENGINE: After.IS_CUT,
    Cause.ERROR: After.IS_REFUSED,
    Cause.HANG: After.HANGS,
}


@dataclass(slots=True)
class Outcome:
    """How a case ended. `troubles` is empty when all is as it must be; `seconds` from the fault
    until nothing was left to put right."""

    kind: Kind
    point: Point
    cause: Cause
    states: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0
    was_reached: bool = False

    def __str__(self) -> str:
        states = ", ".join(f"{name} {state}" for name, state in self.states.items())
        verdict = "; ".join(self.troubles) or "ok"
        return (
            f"{self.cause:<10}{self.kind!s:<17}{self.point!s:<27}{self.seconds:5.1f} s  "
            f"{states or 'untouched'}: {verdict}"
        )


class Drill:
    """The engine, its wire, the worker and two rescuers. `database`: "" has no connections to
    cut."""

    def __init__(
        self,
        engine: Dockerd,
        floor: Floor,
        wire: EngineWire,
        worker: Child,
        rescuers: list[Child],
        journal: JournalWire,
        clock: Clock,
        disk: Disk,
        database: str = "",
    ) -> None:
        self.engine = engine
        self.floor = floor
        self.wire = wire
        self.worker = worker
        self.rescuers = rescuers
        self.journal = journal
        self.clock = clock
        self.disk = disk
        self.database = database
        self.pid = 0
        self.hit = threading.Event()
        self.deed: Callable[[], object] = lambda: None

    def begin(self) -> None:
        self.floor.prepare()
        self.worker.ask(do="begin", url=self.wire.url)

    def record(self, kind: Kind) -> tuple[list[str], list[str]]:
        """The effects of an update in which nothing goes wrong: the engine's, the journal's."""
        self.floor.set_up(kind)
        self._update(kind, None, None)
        self.worker.ask(do="ended")
        told = self.worker.ask(do="told")
        assert told["state"] == "finished", told
        assert told["results"][kind.wanted[0].name][0] == kind.ends, told
        assert not self.floor.troubles(kind), self.floor.troubles(kind)
        self.worker.ask(do="forget")
        return list(self.wire.names), list(self.journal.names)

    def run(self, kind: Kind, point: Point, cause: Cause) -> Outcome:
        """Never raises for what a fault did; the outcome tells."""
        outcome = Outcome(kind, point, cause)
        self.floor.set_up(kind)
        self._update(kind, point, cause)
        ended = threading.Thread(
            target=self.worker.ask, args=(_END_WITHIN_S,), kwargs={"do": "ended"}
        )
        ended.start()
        while not self.hit.wait(0.02) and ended.is_alive():
            pass
        outcome.was_reached = self.hit.is_set()
        struck = time.monotonic()
        if cause in (Cause.AHEAD, Cause.BACK):
            self._ask_rescuers()  # They must not be at it together with the worker.
        if cause is Cause.PAUSE and outcome.was_reached:
            time.sleep(LEASE_S)
            self._put_right(outcome)
            self._wake()
        ended.join()
        if cause is Cause.FULL:
            self._ask_rescuers()  # They cannot write either, and must wait for it.
            self.disk.free()
        if cause is Cause.ENGINE and outcome.was_reached:
            self._ask_rescuers()  # They find the engine away, and must wait for it.
            self.engine.restart()
        if cause is Cause.AGAIN:
            self._die_again()
        self._put_right(outcome)
        outcome.seconds = time.monotonic() - struck
        self._judge(outcome)
        return outcome

    def meddle(self, kind: Kind, point: Point, deed: Callable[[], object]) -> Json:
        """What the record says after somebody did this at the point, and one look by the others."""
        self.deed = deed
        self.floor.set_up(kind)
        self._update(kind, point, Cause.PERSON)
        self.worker.ask(_END_WITHIN_S, do="ended")
        assert self.hit.is_set(), "the update never came to this point"
        return self.look()

    def look(self) -> Json:
        """The others look once; what the record of the update says then."""
        self._ask_rescuers()
        return self.worker.ask(do="told")

    def _update(self, kind: Kind, point: Point | None, cause: Cause | None) -> None:
        self.hit.clear()
        self.clock.set(0)
        settings = {"gate_seconds": 0, "stop_timeout": 5} | kind.settings
        self._launch(point, cause, do="update", settings=settings)

    def _launch(self, point: Point | None, cause: Cause | None, **command: Any) -> None:
        """Have a process of its own begin something that is struck at the point."""
        strike: Callable[[], After] | None = None
        if cause is not None:
            strike = lambda: self._strike(cause)  # noqa: E731 - bound to this case
        self.wire.listen(point, strike)
        self.journal.listen(point, strike)
        self.journal.ready.clear()
        self.pid = int(self.worker.ask(**command)["pid"])
        self.journal.ready.set()

    def _strike(self, cause: Cause) -> After:
        """Called where the fault falls, in the thread of a wire."""
        self.journal.ready.wait()
        self.clock.set(HOURS.get(cause, 0) * HOUR_S)
        if cause in _KILLS:
            os.kill(self.pid, signal.SIGKILL)
        if cause is Cause.ENGINE:
            self.engine.kill()
        if cause is Cause.DATABASE:
            cut(self.database)
        if cause is Cause.FULL:
            self.disk.fill()
        if cause is Cause.PERSON:
            self.deed()
        if cause is Cause.PAUSE:
            os.kill(self.pid, signal.SIGSTOP)
            self.hit.set()
            self.wire.released.wait(_PUT_RIGHT_WITHIN_S + LEASE_S)
        self.hit.set()
        return _AFTER.get(cause, After.GOES_ON)

    def _wake(self) -> None:
        self.wire.released.set()
        os.kill(self.pid, signal.SIGCONT)

    def _die_again(self) -> None:
        """Each rescuer comes one effect further than the one before it, and is killed there."""
        for number in range(1, _RESCUERS_THAT_DIE + 1):
            if not self.worker.ask(do="told")["open"]:
                return
            time.sleep(LEASE_S)
            point = Point(Source.ENGINE, number, "rescue", Side.AFTER)
            self._launch(point, Cause.KILL, do="rescue")
            self.worker.ask(_END_WITHIN_S, do="ended")

    def _put_right(self, outcome: Outcome) -> None:
        """Both rescuers at once, again and again, until nothing is left."""
        end = time.monotonic() + _PUT_RIGHT_WITHIN_S
        while True:
            answers = self._ask_rescuers()
            told = self.worker.ask(do="told") if outcome.cause is not Cause.PAUSE else answers[0]
            left = told.get("open") or told.get("left") or told.get("busy")
            if not left and not any(one["code"] for one in answers):
                return
            if time.monotonic() > end:
                outcome.troubles.append(f"open: {[one.get('left') for one in answers]}")
                return
            time.sleep(0.2)

    def _ask_rescuers(self) -> list[Json]:
        for one in self.rescuers:
            one.send(do="recover")
        return [one.receive() for one in self.rescuers]

    def _judge(self, outcome: Outcome) -> None:
        if not outcome.was_reached:
            outcome.troubles.append("missed: the update never came to this point")
        outcome.troubles += self.floor.troubles(outcome.kind)
        told = self.worker.ask(do="told")
        outcome.states = {name: state for name, (state, *_) in told["results"].items()}
        if not outcome.troubles:
            outcome.troubles += self._told_wrongly(outcome.kind, told)
        if told["open"] or told["busy"] or "running" in (told["state"], told["run"]):
            outcome.troubles.append(f"open: {told}")
        self.worker.ask(do="forget")

    def _told_wrongly(self, kind: Kind, told: Json) -> list[str]:
        """What the record says that is not so: an image, an id, a reason that says nothing."""
        found = []
        for one in kind.wanted:
            state, reason, new_id = told["results"].get(one.name) or ("", "", "")
            has_new = self.floor.version(one) == "2"
            if has_new != (state == "updated"):
                found.append(f"untrue: {one.name} is {state} ({reason}), has new image: {has_new}")
            if new_id and new_id != self.floor.api.inspect_container(one.name)["Id"]:
                found.append(f"untrue: {one.name} has another id than {new_id[:12]}")
            if "did not pass" in reason and told["blocks"].count(one.name) != 1:
                found.append(f"untrue: the image of {one.name} failed, blocks: {told['blocks']}")
            if state in ("failed", "rolled_back", "skipped") and not reason.endswith("."):
                found.append(f"untrue: {one.name} {state} without a reason")
        return found

    def close(self) -> None:
        self.floor.api.close()


def cut(database: str) -> None:
    """End every other connection to the database, as a restart of its server would."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
