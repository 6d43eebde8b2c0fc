"""The record of a run in memory, and a journal that sees to it that it is asked first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.fakes.engine import Call, FakeEngine
from updates.engine.container import ContainerSummary, ImageSummary
from updates.engine.pull import PullSnapshot
from updates.flow.check import Verdict
from updates.flow.holds import Hold, Holds
from updates.flow.plan import Plan
from updates.flow.ports import Page, Replaced
from updates.flow.session import Cancelled, Interrupted, Result, Step
from updates.flow.ties import Ties

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

# The step that a journal has to be in before an engine is told to do this.
EFFECTS = {
    "create": {Step.CREATE},
    "set_restart_policy": {Step.HOLD},
    "stop": {Step.HOLD},
    "rename": {Step.SWAP},
    "start": {Step.START},
    "remove": {Step.RELEASE},
}


@dataclass(slots=True)
class MemoryRecorder:
    """The flow's `Recorder`. `goes_on`: how often the run may go on; None: for ever.
    `is_cancelled`: a person is why it may not.

    `told`: the results by name. `bulks`: how many of them came together, each time. `ties`: what
    is known of containers, by id. `held`: what keeps them on their images, by name.
    """

    goes_on: int | None = None
    is_cancelled: bool = False
    lists: list[tuple[int, int]] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    steps: list[tuple[str, Step, str]] = field(default_factory=list)
    limits: list[tuple[str, Step, float]] = field(default_factory=list)
    snapshots: list[tuple[str, PullSnapshot]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: dict[str, Result] = field(default_factory=dict)
    bulks: list[int] = field(default_factory=list)
    now: datetime = NOW
    seen: dict[str, datetime] = field(default_factory=dict)
    earlier: list[Replaced] = field(default_factory=list)
    won: int | None = None
    ties: dict[str, Ties] = field(default_factory=dict)
    held: dict[str, list[Hold]] = field(default_factory=dict)

    def first_seen(self, digests: Collection[str]) -> Mapping[str, datetime]:
        return {one: self.seen.setdefault(one, self.now) for one in digests}

    def replaced(self) -> Collection[Replaced]:
        return self.earlier

    def holds(self) -> Holds:
        return {name: tuple(found) for name, found in self.held.items()}

    def hold(self, name: str, why: str) -> None:
        self.held.setdefault(name, []).append(Hold("", why))

    def release(self, name: str, digest: str = "") -> None:
        self.held[name] = [one for one in self.held.get(name, ()) if one.digest != digest]

    def freed(self, size: int) -> None:
        self.won = size

    def may_go_on(self) -> None:
        if self.goes_on == 0:
            raise Cancelled("Cancelled.") if self.is_cancelled else Interrupted("It was stopped.")
        if self.goes_on is not None:
            self.goes_on -= 1

    def inventory(
        self, containers: Sequence[ContainerSummary], images: Sequence[ImageSummary]
    ) -> None:
        self.lists.append((len(containers), len(images)))

    def checked(self, verdicts: Mapping[str, Verdict]) -> None:
        self.verdicts = dict(verdicts)

    def known_ties(self) -> Mapping[str, Ties]:
        return dict(self.ties)

    def tied(self, ties: Mapping[str, Ties]) -> None:
        assert not ties.keys() & self.ties.keys(), "They were asked for twice."
        self.ties |= ties

    def planned(self, plan: Plan) -> None:
        self.plan = plan

    def step(
        self, container_id: str, step: Step, message: str, limit_s: float | None = None
    ) -> None:
        self.steps.append((container_id, step, message))
        if limit_s is not None:
            self.limits.append((container_id, step, limit_s))

    def progress(self, container_id: str, snapshot: PullSnapshot) -> None:
        self.snapshots.append((container_id, snapshot))

    def note(self, message: str) -> None:
        self.notes.append(message)

    def results(self, results: Sequence[Result]) -> None:
        self.bulks.append(len(results))
        for result in results:
            self.result(result)

    def result(self, result: Result) -> None:
        assert result.name not in self.told, f"{result.name} has a result already."
        self.told[result.name] = result
        if result.blames_image:
            digest = result.new_digest or result.new_image_id
            hold = Hold(digest, result.reason, result.new_image_id)
            self.held.setdefault(result.name, []).append(hold)


@dataclass(slots=True)
class Entry:
    """One replacement in the journal. `outcome` "" with `is_open` False: something is left."""

    name: str
    snapshot: Mapping[str, Any]
    steps: list[tuple[str, Step]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    outcome: str | None = None
    planned: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    log: str = ""

    @property
    def is_open(self) -> bool:
        return not self.outcome

    def is_about(self, target: str) -> bool:
        """True if the container is its old or its new one, and it is not closed."""
        new = (self.facts.get("new_id"), self.facts.get("temporary_name"))
        return self.outcome is None and target in (self.snapshot["Id"], *new)


class MemoryPage:
    """The flow's `Page`."""

    def __init__(self, journal: "MemoryJournal", entry: Entry) -> None:
        self.journal = journal
        self.entry = entry

    def plan(self, body: Mapping[str, Any], image_id: str) -> None:
        self.entry.planned = {"body": {**body}, "image_id": image_id}

    def before(self, step: Step, **facts: str) -> None:
        self._write("before", step, facts)

    def after(self, step: Step, **facts: str) -> None:
        is_begun = step is Step.SNAPSHOT or self.entry.steps[-1] == ("before", step)
        assert is_begun, f"{step} ends, but was not begun."
        self._write("after", step, facts)

    def fail(self, why: str, log: str) -> None:
        self.entry.failure, self.entry.log = why, log
        self._write("before", Step.ROLL_BACK, {"reason": why})

    def close(self, outcome: str) -> None:
        assert self.entry.outcome is None, "It was closed already."
        self.entry.outcome = outcome

    def _write(self, when: str, step: Step, facts: Mapping[str, str]) -> None:
        assert self.entry.outcome is None, f"{step} comes after the end."
        self.entry.steps.append((when, step))
        self.entry.facts |= facts
        self.journal.current = self.entry


class MemoryJournal:
    """The flow's `Journal`. An effect on the engine that it was not told of first is an error.

    `current` is the entry that was written to last. `loses_answer_with`: raised once what was to be
    committed is written.
    """

    def __init__(self, engine: FakeEngine) -> None:
        self.entries: list[Entry] = []
        self.current: Entry
        self.loses_answer_with: Exception | None = None
        engine.witness = self._witness

    @property
    def last(self) -> Entry:
        return self.entries[-1]

    def open(
        self, container: ContainerSummary, snapshot: Mapping[str, Any], **facts: str
    ) -> MemoryPage:
        self.current = Entry(container.name, snapshot, facts=facts)
        self.entries.append(self.current)
        return MemoryPage(self, self.current)

    def commit(self, pages: Sequence[Page]) -> None:
        for page in pages:
            page.before(Step.RELEASE)
        if self.loses_answer_with:
            raise self.loses_answer_with

    def _witness(self, call: Call) -> None:
        if call.name not in EFFECTS:
            return
        assert self.entries, f"{call.name}, but no journal is open."
        entry = next((one for one in self.entries if one.is_about(call.target)), self.current)
        when, step = entry.steps[-1] if entry.steps else ("", None)
        announced = EFFECTS[call.name] | {Step.ROLL_BACK}
        assert entry.outcome is None, f"{call.name}, but the journal is closed."
        assert when == "before", f"{call.name}, but the last entry is {when} {step}."
        assert step in announced, f"{call.name} during {step}."
