"""What the flow asks of the world: engine, registries, record, journal, clock, guard."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from updates.engine.container import ContainerSummary, EngineInfo, ExecResult, ImageSummary
from updates.engine.pull import PullSnapshot
from updates.engine.spec import CreateBody
from updates.flow.check import Answer, Verdict
from updates.flow.holds import Holds
from updates.flow.plan import Plan
from updates.flow.session import Result, Step
from updates.flow.ties import Ties
from updates.registry.reference import Reference


class EnginePort(Protocol):
    """A Docker Engine; `updates.engine.client.Engine` is one. Raises `EngineError`."""

    @property
    def info(self) -> EngineInfo: ...
    def containers(self) -> list[ContainerSummary]: ...
    def images(self) -> list[ImageSummary]: ...
    def inspect_container(self, container: str) -> dict[str, Any]: ...
    def inspect_image(self, image: str) -> dict[str, Any]: ...
    def inspect_volume(self, volume: str) -> dict[str, Any]: ...
    def inspect_network(self, network: str) -> dict[str, Any]: ...
    def pull(
        self,
        name: str,
        *,
        tag: str,
        auth: Mapping[str, str] | None,
        on_progress: Callable[[PullSnapshot], None],
        deadline_s: float,
        platform: str = "",
    ) -> str: ...
    def tag(self, image_id: str, repository: str, tag: str) -> None: ...
    def remove_image(self, image: str) -> None: ...
    def create(self, name: str, body: CreateBody) -> str: ...
    def rename(self, container: str, name: str) -> None: ...
    def start(self, container: str) -> None: ...
    def stop(self, container: str, *, signal: str | None, timeout_s: int) -> None: ...
    def remove(self, container: str, *, volumes: bool = False, force: bool = False) -> None: ...
    def set_restart_policy(self, container: str, policy: Mapping[str, Any]) -> None: ...
    def logs(self, container: str, tail: int = 50) -> str: ...
    def layers_size(self) -> int:
        """Bytes that all images take on disk, layers that several share counted once."""

    def exec(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        timeout_s: float,
        environment: Mapping[str, str] | None = None,
    ) -> ExecResult: ...


class RegistryPort(Protocol):
    """The registries of the fleet. An answer is never an exception: a failure is `Answer.error`."""

    def resolve(self, references: Collection[Reference]) -> Mapping[Reference, Answer]: ...
    def unavailable(self, reference: Reference, digest: str, platform: str) -> str:
        """Why the digest cannot be had for the platform, in a sentence; "" when it can, or when
        nobody knows."""

    def pull_auth(self, reference: Reference) -> Mapping[str, str] | None: ...
    def settled(self) -> Collection[tuple[str, str]]:
        """Pairs (remote digest, image id): pulling this digest gave this very image."""

    def settle(self, digest: str, image_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Replaced:
    """An image that a container had before an update, and when that was."""

    name: str
    image_id: str
    at: datetime


class Recorder(Protocol):
    """The record of a host run."""

    def may_go_on(self) -> None:
        """Asked between containers, never within one. Raises Interrupted if the run is over."""

    def inventory(
        self, containers: Sequence[ContainerSummary], images: Sequence[ImageSummary]
    ) -> None: ...
    def checked(self, verdicts: Mapping[str, Verdict]) -> None: ...
    def known_ties(self) -> Mapping[str, Ties]:
        """By container id, those of this host's containers that an earlier run asked for."""

    def tied(self, ties: Mapping[str, Ties]) -> None:
        """Keep these, by container id, for as long as the containers live."""

    def planned(self, plan: Plan) -> None: ...
    def step(
        self, container_id: str, step: Step, message: str, limit_s: float | None = None
    ) -> None:
        """It has come to this step, which takes `limit_s` seconds from now at most, if that is
        known."""

    def progress(self, container_id: str, snapshot: PullSnapshot) -> None: ...
    def note(self, message: str) -> None: ...
    def first_seen(self, digests: Collection[str]) -> Mapping[str, datetime]:
        """When each of these was first seen in the fleet: now, for those that are new."""

    def replaced(self) -> Collection[Replaced]:
        """What earlier updates replaced on this host, but for what an unfinished one needs."""

    def holds(self) -> Holds:
        """What keeps containers of this host on the images they have."""

    def hold(self, name: str, why: str) -> None:
        """From now on runs leave this container on the image it has."""

    def release(self, name: str, digest: str = "") -> None:
        """Take that away, or the block of this digest."""

    def freed(self, size: int) -> None:
        """Clean-up won this many bytes."""

    def results(self, results: Sequence[Result]) -> None:
        """All containers that are left as they are, at once."""

    def result(self, result: Result) -> None:
        """One that was acted on."""


class Journal(Protocol):
    """The record of replacements; several may be open at once."""

    def open(
        self, container: ContainerSummary, snapshot: Mapping[str, Any], **facts: str
    ) -> "Page":
        """Begin the record of one; `facts` are in it from the first."""

    def commit(self, pages: Sequence["Page"]) -> None:
        """All of these are at Step.RELEASE now, or none: whatever happens from here on, they are
        finished and not undone."""


class Page(Protocol):
    """The record of one replacement, written before each effect and again after it."""

    def plan(self, body: Mapping[str, Any], image_id: str) -> None:
        """What will be created, and from which image."""

    def before(self, step: Step, **facts: str) -> None: ...
    def after(self, step: Step, **facts: str) -> None: ...
    def fail(self, why: str, log: str) -> None:
        """The new container failed, with these last lines; its way back begins."""

    def close(self, outcome: str) -> None: ...


class Prober(Protocol):
    """Asks a container from outside whether it works."""

    def __call__(self, address: str, timeout_s: float) -> str:
        """ "" if something answers well at tcp://…, http://… or https://…; else why not."""


def no_prober(address: str, timeout_s: float) -> str:  # noqa: ARG001
    """Where nothing can be asked, nothing is proven."""
    return "This worker can ask nothing."


class Guard(Protocol):
    """Does a piece of work. A fault of ours in it is logged and ends in `otherwise(sentence)`."""

    def __call__[T](self, work: Callable[[], T], otherwise: Callable[[str], T]) -> T: ...


def unguarded[T](work: Callable[[], T], otherwise: Callable[[str], T]) -> T:  # noqa: ARG001
    """The guard that lets a fault through."""
    return work()


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the flow sees it: `monotonic` in seconds, a `sleep` that tests can make short, and
    `now` with its time zone."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
