"""How a replacement ends: its old container given up, brought back, or left as it is."""

from typing import Protocol

from updates.engine.errors import EngineError, EngineRefused, NoSuchObject
from updates.flow.endings import GateFailed
from updates.flow.job import Order, Outcome
from updates.flow.last_words import last_words
from updates.flow.ports import Clock, EnginePort, Journal, Page, Prober, no_prober
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import RENAMED, WayBack


class Tell(Protocol):
    """Recorder.step of one container."""

    def __call__(self, step: Step, message: str, limit_s: float | None = None) -> None: ...


NOT_STARTED = "Recreated and not started, as no-restart asks."


class Closing:
    """What is known of a replacement when it comes to its end.

    `current_id` is the id the container goes on under once it has been stopped, "" before that.
    `is_resting`: the new one is not started. `is_started`: it was told to start. `failure`: why
    the new one is no good, with the last lines of its `log`.
    """

    def __init__(
        self,
        order: Order,
        engine: EnginePort,
        journal: Journal,
        tell: Tell,
        clock: Clock,
        prober: Prober = no_prober,
    ) -> None:
        self.order = order
        self.engine = engine
        self.journal = journal
        self.tell = tell
        self.clock = clock
        self.prober = prober
        self.current_id = ""
        self.is_resting = False
        self.is_started = False
        self.failure = ""
        self.log = ""
        self.old: Snapshot
        self.back: WayBack
        self.page: Page

    def leave(self, state: State) -> None:
        """Close the page of one that is left as it is."""
        self.page.close(state)

    def release(self) -> Outcome:
        """Give the old one up; the journal was told (Journal.commit)."""
        self.tell(Step.RELEASE, "Removing the old container")
        try:
            self.engine.remove(self.old.id, volumes=self.order.removes_volumes)
        except NoSuchObject:
            pass  # A --rm container is gone already.
        except EngineError as error:
            self.page.close("")
            reason = f"The old container is still there as {self.old.aside_name}: {error}"
            return Outcome(State.UPDATED, reason, self.current_id)
        self.page.after(Step.RELEASE)
        self.page.close(State.UPDATED)
        reason = NOT_STARTED if self.is_resting and self.old.was_running else ""
        return Outcome(State.UPDATED, f"{reason} {self.renamed()}".strip(), self.current_id)

    def renamed(self) -> str:
        """What somebody calls the new container since, in a sentence; "" if it has its name."""
        try:
            name = self.engine.inspect_container(self.current_id)["Name"].lstrip("/")
        except EngineError:
            return ""  # It is of no consequence.
        return "" if name == self.old.name else RENAMED.format(name=name)

    def is_its_own(self, error: Exception) -> bool:
        """True if the new container itself failed; not so if its engine did, if its host has not
        what it needs, or if somebody took it away."""
        if not self.is_started or not isinstance(error, (EngineRefused, GateFailed)):
            return False
        if isinstance(error, NoSuchObject) and not self.old.removes_itself:
            return False
        return not (isinstance(error, EngineRefused) and error.is_of_host)

    def fail(self, why: str) -> None:
        """The new container has not proved itself: the journal knows before the way back begins,
        for whoever goes it."""
        self.failure = why
        try:
            self.log = last_words(self.engine, self.back.new_id)
        finally:
            self.page.fail(why, self.log)

    def roll_back(self, why: str, *, is_cut_off: bool = False) -> Outcome:
        """Bring the old one back. `is_cut_off`: what it shares was touched, so it is stopped and
        started also if it still runs."""
        try:
            self.tell(Step.ROLL_BACK, f"Going back to the old container: {why}")
            self.back.is_cut_off = is_cut_off
            if not self.failure:
                self.page.before(Step.ROLL_BACK, reason=why)
        finally:  # A record that cannot be written must not cost the container.
            self.back.rests = self.is_resting
            troubles = self.back.go()
            if self.back.is_touched:
                self.current_id = self.back.current_id
        is_to_blame = bool(self.failure) and self.order.is_update
        new_id = self.back.kept_id or self.back.twin_id
        if troubles:
            self.page.close("")
            reason = " ".join([why, "Going back did not work in full:", *troubles])
            return Outcome(State.FAILED, reason, new_id, is_to_blame, self.log, is_left=True)
        self.page.after(Step.ROLL_BACK)
        is_back = self.back.is_touched and self.back.is_back
        state = State.ROLLED_BACK if is_back else State.FAILED
        self.page.close(state)
        reason = f"{why} {self.back.note}".strip()
        return Outcome(state, reason, new_id, is_to_blame, self.log)
