"""A host in memory with all that the flow asks for: engine, registries, record, journal, clock."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import Call, FakeEngine
from tests.fakes.names import remote_digest
from tests.fakes.record import NOW, MemoryJournal, MemoryRecorder
from updates.flow.check import Answer
from updates.flow.policy import Policies
from updates.flow.ports import Clock, Guard, Prober, no_prober, unguarded
from updates.flow.session import Kind, Params, Result
from updates.flow.update import HostUpdate
from updates.registry.reference import Reference

ALWAYS = {"Name": "always", "MaximumRetryCount": 0}


class FakeClock:
    """Time that passes only in a sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self.clock = Clock(
            monotonic=lambda: self.now,
            sleep=self._sleep,
            now=lambda: NOW + timedelta(seconds=self.now),
        )

    def _sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


class FakeRegistries:
    """The flow's `RegistryPort`. It answers with what `engine.remote` has, but for `answers`.

    `lacking`: references with the sentence why they cannot be had. `asked_for`: each question
    about that, as (reference, digest, platform).
    """

    def __init__(self, engine: FakeEngine) -> None:
        self.engine = engine
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.credentials: dict[str, dict[str, str]] = {}
        self.known: set[tuple[str, str]] = set()
        self.lacking: dict[str, str] = {}
        self.asked_for: list[tuple[str, str, str]] = []

    def resolve(self, references: Collection[Reference]) -> Mapping[Reference, Answer]:
        self.asked += sorted(reference.familiar for reference in references)
        return {reference: self._answer(reference.familiar) for reference in references}

    def unavailable(self, reference: Reference, digest: str, platform: str) -> str:
        self.asked_for.append((reference.familiar, digest, platform))
        return self.lacking.get(reference.familiar, "")

    def pull_auth(self, reference: Reference) -> Mapping[str, str] | None:
        return self.credentials.get(reference.domain)

    def settled(self) -> Collection[tuple[str, str]]:
        return set(self.known)

    def settle(self, digest: str, image_id: str) -> None:
        assert digest
        self.known.add((digest, image_id))

    def _answer(self, name: str) -> Answer:
        if name in self.answers:
            return self.answers[name]
        image = self.engine.remote.get(name)
        if image is None:
            return Answer(error=f"There is no {name}.", is_missing=True)
        return Answer(remote_digest(image.seed))


@dataclass(slots=True)
class Bench:
    """A host and one run on it."""

    engine: FakeEngine = field(default_factory=FakeEngine)
    registries: FakeRegistries = field(init=False)
    recorder: MemoryRecorder = field(default_factory=MemoryRecorder)
    journal: MemoryJournal = field(init=False)
    clock: FakeClock = field(default_factory=FakeClock)
    policies: Policies = field(default_factory=Policies)
    prober: Prober = no_prober

    def __post_init__(self) -> None:
        self.registries = FakeRegistries(self.engine)
        self.journal = MemoryJournal(self.engine)

    def fresh(self, name: str, image: str = "", **how: Any) -> str:
        """A running container whose image is what the registry has. Its id."""
        image = image or f"shop/{name}:1"
        made = self.engine.run(name, image, **how)
        self.engine.remote.setdefault(image, self.engine.named(name).image)
        return made

    def stale(self, name: str, image: str = "", *, new: FakeImage | None = None, **how: Any) -> str:
        """A running container whose registry has another image. Its id."""
        image = image or f"shop/{name}:1"
        made = self.engine.run(name, image, **how)
        self.engine.remote.setdefault(image, new or FakeImage(f"new {image}"))
        return made

    def update(
        self,
        *,
        own_ids: Collection[str] = (),
        guard: Guard = unguarded,
        names: tuple[str, ...] = (),
        **switches: Any,
    ) -> dict[str, Result]:
        """Do an update run; its results by name."""
        return self._run(Params(Kind.UPDATE, names, switches), own_ids, guard)

    def scan(
        self, *, names: tuple[str, ...] = (), images: tuple[str, ...] = (), **switches: Any
    ) -> dict[str, Result]:
        return self._run(Params(Kind.SCAN, names, switches, images=images), (), unguarded)

    def states(self) -> dict[str, str]:
        return {name: str(result.state) for name, result in self.recorder.told.items()}

    def takes(
        self, seconds: float, fault: Exception | None = None
    ) -> Callable[[Call], Exception | None]:
        """For the engine's `fail_on`: the call takes so long, then has its effect, or the fault."""

        def told(_: Call) -> Exception | None:
            self.clock.now += seconds
            return fault

        return told

    def again(self) -> None:
        """Forget the run before, not the host nor what the record keeps of it."""
        self.recorder = MemoryRecorder(ties=self.recorder.ties, held=self.recorder.held)
        self.journal = MemoryJournal(self.engine)
        self.engine.calls.clear()
        self.registries.asked.clear()

    def _run(self, params: Params, own_ids: Collection[str], guard: Guard) -> dict[str, Result]:
        HostUpdate(
            self.engine,
            self.registries,
            self.recorder,
            self.journal,
            params,
            self.clock.clock,
            own=lambda _: own_ids,
            guard=guard,
            policies=self.policies,
            prober=self.prober,
        ).run()
        return self.recorder.told
