"""A container made again from its snapshot, step by step, as a replacement is.

    create   under a temporary name
    swap     it takes its own name
    start    if it ran
    gate     the proof that it works
    release  from here on it is there to stay

The journal knows of each effect before it happens and again after it. Whatever breaks a step, what
was made is taken away again, here or by recovery.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from updates.engine.errors import EngineConflict, EngineError, NoSuchObject
from updates.engine.losses import losses
from updates.engine.spec import CreateBody
from updates.flow import gate
from updates.flow.closing import Tell
from updates.flow.endings import GateFailed
from updates.flow.last_words import last_words
from updates.flow.needs import gone_volumes
from updates.flow.ports import Clock, EnginePort, Journal, Page, Prober
from updates.flow.session import State, Step
from updates.flow.settings import Settings
from updates.flow.snapshot import Snapshot

NAME_TAKEN = "There is a container {name} on this host already, which another Watchweb may be at."


class NotMade(Exception):
    """What was made did not work, and is gone again. `log`: what it wrote last."""

    def __init__(self, reason: str, log: str = "") -> None:
        super().__init__(reason)
        self.log = log


def unmake(engine: EnginePort, container: str) -> None:
    """Take away what was made, by its id or its temporary name. Raises EngineError."""
    with suppress(NoSuchObject):
        engine.remove(container, force=True)


@dataclass(slots=True)
class Making:
    """One container on its way back. `known`: facts for the journal. `new_id`: "" until it is made;
    `lost`: what the engine left out of it; `empty`: its volumes that were gone."""

    old: Snapshot
    engine: EnginePort
    journal: Journal
    page: Page
    tell: Tell
    clock: Clock
    prober: Prober
    settings: Settings
    known: Mapping[str, str]
    new_id: str = ""
    lost: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    log: str = ""

    def run(self, body: CreateBody, image_id: str) -> None:
        """All of it. Raises NotMade, with nothing left behind, or with the sentence of what is."""
        self.page.plan(body.config, image_id)
        try:
            self._create(body)
            self._start()
        except NotMade:
            raise
        except (EngineError, GateFailed) as error:
            self._take_away(str(error))
        except BaseException:
            with suppress(NotMade):
                self._take_away("The work on it was broken off.")
            raise
        self.journal.commit([self.page])
        self.page.after(Step.RELEASE)
        self.page.close(State.UPDATED)

    def _create(self, body: CreateBody) -> None:
        self.tell(Step.CREATE, "Making the container again")
        name = self.old.temporary_name
        self.empty = tuple(gone_volumes(body, self.engine))
        self.page.before(Step.CREATE, temporary_name=name, **self.known)
        try:
            self.new_id = self.engine.create(name, body)
        except EngineConflict as error:
            self.page.close(State.FAILED)
            raise NotMade(NAME_TAKEN.format(name=name)) from error
        self.page.after(Step.CREATE, new_id=self.new_id)
        self.lost = losses(body, self.engine.inspect_container(self.new_id))
        self.page.before(Step.SWAP)
        self.engine.rename(self.new_id, self.old.name)
        self.page.after(Step.SWAP)

    def _start(self) -> None:
        """Raises GateFailed, EngineError."""
        if not self.old.was_running:
            return
        self.tell(Step.START, "Starting it")
        self.page.before(Step.START)
        self.engine.start(self.new_id)
        self.page.after(Step.START)
        self.page.before(Step.GATE)
        trouble = gate.trouble_with(
            self.engine,
            self.new_id,
            self.settings,
            prober=self.prober,
            clock=self.clock,
            watching=partial(self.tell, Step.GATE),
        )
        if trouble:
            raise GateFailed(trouble)
        self.page.after(Step.GATE)

    def _take_away(self, why: str) -> None:
        """Raises NotMade, with the reason and the last lines."""
        try:
            self._tell_failure(why)
        finally:  # A record that cannot be written must not leave it there.
            trouble = self._trouble_of_removal()
        if trouble:
            self.page.close("")
            raise NotMade(f"{why} It could not be taken away again: {trouble}", self.log)
        self.page.after(Step.ROLL_BACK)
        self.page.close(State.FAILED)
        gone = "It was taken away again, for it does not work: " if self.new_id else ""
        raise NotMade(gone + why, self.log)

    def _tell_failure(self, why: str) -> None:
        try:
            self.log = last_words(self.engine, self.new_id) if self.new_id else ""
        finally:
            self.page.fail(why, self.log)

    def _trouble_of_removal(self) -> str:
        try:
            unmake(self.engine, self.new_id or self.old.temporary_name)
        except EngineError as error:
            return str(error)
        return ""
