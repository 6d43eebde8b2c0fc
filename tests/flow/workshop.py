"""One container and its replacement, to break at any call."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.daemon import FakeContainer, FakeImage
from tests.fakes.engine import Call
from tests.flow.bench import ALWAYS, Bench
from updates.engine.errors import EngineRefused
from updates.flow.job import Order, Outcome
from updates.flow.policy import Policies
from updates.flow.replace import Replacement
from updates.flow.session import Step
from updates.flow.work import Work

BROKEN = EngineRefused("The engine answered 500: broken.", 500)
Told = tuple[Step, str]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of container, and how it behaves once it has the new image."""

    name: str
    state: str = "running"
    host: dict[str, Any] = field(default_factory=lambda: {"RestartPolicy": ALWAYS})
    exit_code: int | None = None
    health: tuple[str, ...] = ()

    @property
    def removes_itself(self) -> bool:
        return bool(self.host.get("AutoRemove"))

    def __str__(self) -> str:
        return self.name


RUNNING = Case("running")
STOPPED = Case("stopped", state="exited")
REMOVES_ITSELF = Case("--rm", host={"AutoRemove": True})
HEALTHY = Case("healthcheck", health=("starting", "healthy"))
STOPS = Case("stops", exit_code=1)
ILL = Case("unhealthy", health=("unhealthy",))
REMOVED = Case("--rm that stops", host={"AutoRemove": True}, exit_code=1)
FAILS_GATE = [STOPS, ILL, REMOVED]
CASES = [RUNNING, STOPPED, REMOVES_ITSELF, HEALTHY]


class Workshop:
    """A host with the container "web", and the image for its replacement pulled already."""

    def __init__(self, case: Case = RUNNING, switches: Json | None = None) -> None:
        self.case = case
        self.bench = Bench()
        self.engine = self.bench.engine
        self.journal = self.bench.journal
        self.told: list[Told] = []
        self.limits: list[tuple[Step, float]] = []
        host = dict(case.host)
        config = {"StopTimeout": 7, "Env": ["A=1"]}
        self.old_id = self.engine.run("web", "shop/web:1", state=case.state, config=config, **host)
        self.old_image = self.engine.named("web").image
        new = FakeImage("new", exit_code=case.exit_code, health=case.health)
        self.new_image = self.engine.add_image(new, "shop/web:1")
        self.order = Order(
            self.engine.containers()[0],
            Policies(run={"gate_seconds": 1} | (switches or {})).for_host(),
            image="shop/web:1",
            image_id=self.new_image.id,
        )
        self.engine.calls.clear()

    def replacement(self) -> Replacement:
        clock = self.bench.clock.clock
        return Replacement(self.order, self.engine, self.journal, self._tell, clock)

    def replace(self) -> Outcome:
        return Work(self.replacement()).run()

    @property
    def web(self) -> FakeContainer:
        return self.engine.named("web")

    def repair(self) -> None:
        """From here on the engine works."""
        self.engine.fail_on.clear()
        self.engine.lose_answer_on.clear()

    def check_old_one_is_back(self) -> None:
        """Exactly one container, as it was."""
        assert self.engine.names() == {"web"}
        assert len(self.engine.kept) == 1
        assert self.web.image.id == self.old_image.id
        assert self.web.state == self.case.state
        assert {key: self.web.host.get(key) for key in self.case.host} == self.case.host
        assert self.web.config["Env"] == ["A=1"]
        if not self.case.removes_itself:
            assert self.web.id == self.old_id

    def check_new_one_is_there(self) -> None:
        assert self.engine.names() == {"web"}
        assert len(self.engine.kept) == 1
        assert self.web.image.id == self.new_image.id
        assert self.web.is_running is (self.case.state == "running")
        assert {key: self.web.host.get(key) for key in self.case.host} == self.case.host

    def _tell(self, step: Step, message: str, limit_s: float | None = None) -> None:
        self.told.append((step, message))
        if limit_s is not None:
            self.limits.append((step, limit_s))


def calls_of(case: Case, *, until: str = "") -> list[Call]:
    """The calls of a replacement in which nothing fails; those before the one called `until`."""
    shop = Workshop(case)
    shop.replace()
    names = [call.name for call in shop.engine.calls]
    return shop.engine.calls[: names.index(until) if until else len(names)]


def every_call(cases: list[Case], find: Callable[[Case], list[Call]]) -> list[tuple[Case, Call]]:
    return [(case, call) for case in cases for call in find(case)]


def named(value: object) -> str | None:
    """How pytest is to call a parameter."""
    if isinstance(value, Call):
        return f"{value.number}-{value.name}"
    return str(value) if isinstance(value, Case) else None
