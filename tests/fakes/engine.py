"""A Docker Engine in memory: containers and images with their rules, and faults on demand.

engine = FakeEngine()
old = engine.run("web", "shop/web:1")
engine.remote["shop/web:1"] = FakeImage("new")
engine.fail_on["start"] = EngineError("No.")        # every start, before its effect
engine.fail_on["start", 2] = EngineError("No.")     # the second start
engine.fail_on[5] = EngineError("No.")              # the fifth call of any kind
engine.lose_answer_on["rename"] = EngineError("")   # after its effect
engine.fail_on["stop"] = lambda call: ...           # what it returns is raised; None: no fault
"""

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.daemon import FakeDaemon, Json
from tests.fakes.names import remote_digest
from updates.engine.container import ContainerSummary, EngineInfo, ExecResult, ImageSummary
from updates.engine.errors import EngineConflict, NoSuchObject, PullFailed
from updates.engine.pull import PullSnapshot
from updates.engine.spec import CreateBody

LAYER_BYTES = 3 << 20  # Of each image.


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name, what it was about, how many there were of any kind and of its, and how
    it was to be done."""

    name: str
    target: str
    number: int
    of_its_kind: int
    how: Mapping[str, Any] = field(default_factory=dict)


Fault = BaseException | Callable[[Call], BaseException | None]
Faults = dict[str | int | tuple[str, int], Fault]


class FakeEngine(FakeDaemon):
    """The flow's `EnginePort`. `calls` is the log; `witness` is told of each effect before it."""

    def __init__(self, *, api_version: str = "1.47", forgets_untagged: bool = False) -> None:
        super().__init__(forgets_untagged=forgets_untagged)
        self.info = EngineInfo("29.0", api_version, api_version, "1.24", "linux", "amd64")
        self.calls: list[Call] = []
        self.ends: dict[str, ExecResult] = {}
        self.fail_on: Faults = {}
        self.lose_answer_on: Faults = {}
        self.witness: Callable[[Call], None] = lambda _: None

    def counts(self) -> Counter[str]:
        return Counter(call.name for call in self.calls)

    def containers(self) -> list[ContainerSummary]:
        return self._called("containers", "", lambda: [self._entry(c) for c in self.kept.values()])

    def images(self) -> list[ImageSummary]:
        return self._called(
            "images",
            "",
            lambda: [
                ImageSummary(
                    one.id,
                    tuple(one.tags),
                    tuple(one.digests),
                    labels=one.config.get("Labels", {}),
                )
                for one in self.stored.values()
            ],
        )

    def inspect_container(self, container: str) -> Json:
        return self._called("inspect_container", container, lambda: self._inspect(container))

    def inspect_image(self, image: str) -> Json:
        def work() -> Json:
            found = self._image(image)
            if found is None:
                raise NoSuchObject(f"The engine answered 404: No such image: {image}.", 404)
            os, arch, *variant = found.platform.split("/")
            document: Json = {"Id": found.id, "Config": copy.deepcopy(found.config)}
            document["Created"] = found.created
            document["RepoDigests"] = [*found.digests]
            return document | {"Os": os, "Architecture": arch, "Variant": "".join(variant)}

        return self._called("inspect_image", image, work)

    def inspect_volume(self, volume: str) -> Json:
        return self._called("inspect_volume", volume, lambda: self._volume(volume))

    def inspect_network(self, network: str) -> Json:
        return self._called("inspect_network", network, lambda: self._network(network))

    def pull(
        self,
        name: str,
        *,
        tag: str,
        auth: Mapping[str, str] | None,
        on_progress: Callable[[PullSnapshot], None],
        deadline_s: float,
        platform: str = "",
    ) -> str:
        def work() -> str:
            text = f"{name}:{tag}"
            image = self.mirrored.get(text) or self.remote.get(text)
            on_progress(PullSnapshot(1, 2, 0, 1, "Downloading"))
            if image is None:
                raise PullFailed(f"manifest for {text} not found")
            digest = remote_digest(image.seed)
            image = self.add_image(self.stored.get(image.id, image), text)
            image.digests += {f"{name}@{digest}"} - {*image.digests}
            on_progress(PullSnapshot(2, 2, 1, 1, "Downloaded"))
            return digest

        how = {"auth": auth, "deadline_s": deadline_s, "platform": platform}
        return self._called("pull", f"{name}:{tag}", work, **how)

    def tag(self, image_id: str, repository: str, tag: str) -> None:
        def work() -> None:
            image = self._image(image_id)
            if image is None:
                raise NoSuchObject(f"The engine answered 404: No such image: {image_id}.", 404)
            self._move_tag(f"{repository}:{tag}", image)

        self._called("tag", image_id, work)

    def remove_image(self, image: str) -> None:
        self._called("remove_image", image, lambda: self._remove_image(image))

    def create(self, name: str, body: CreateBody) -> str:
        def work() -> str:
            config = copy.deepcopy(body.config)
            host = config.pop("HostConfig")
            host.pop(self.loses, None)
            config.pop("NetworkingConfig", None)
            return self._make(name, config, host).id

        return self._called("create", name, work)

    def rename(self, container: str, name: str) -> None:
        def work() -> None:
            found = self._find(container)
            self._refuse_taken(name)
            found.name = name

        self._called("rename", container, work)

    def start(self, container: str) -> None:
        self._called("start", container, lambda: self._start(self._find(container)))

    def stop(self, container: str, *, signal: str | None, timeout_s: int) -> None:
        def work() -> None:
            self._stop(self._find(container))

        self._called("stop", container, work, signal=signal, timeout_s=timeout_s)

    def remove(self, container: str, *, volumes: bool = False, force: bool = False) -> None:
        def work() -> None:
            found = self._find(container)
            if found.state == "removing":
                raise EngineConflict("The engine answered 409: removal is in progress.", 409)
            if found.is_running and not force:
                raise EngineConflict("The engine answered 409: it is running.", 409)
            del self.kept[found.id]

        self._called("remove", container, work, volumes=volumes, force=force)

    def set_restart_policy(self, container: str, policy: Mapping[str, Any]) -> None:
        def work() -> None:
            self._find(container).host["RestartPolicy"] = dict(policy)

        self._called("set_restart_policy", container, work)

    def logs(self, container: str, tail: int = 50) -> str:
        def work() -> str:
            lines = self._find(container).image.says.splitlines(keepends=True)
            return "".join(lines[-tail:])

        return self._called("logs", container, work, tail=tail)

    def layers_size(self) -> int:
        return self._called("layers_size", "", lambda: LAYER_BYTES * len(self.stored))

    def exec(
        self,
        container: str,
        command: Sequence[str],
        *,
        user: str = "",
        timeout_s: float,
        environment: Mapping[str, str] | None = None,
    ) -> ExecResult:
        """Ends as `ends` says for the command's last word, else with 0 and no output."""

        def work() -> ExecResult:
            if not self._find(container).is_running:
                raise EngineConflict("The engine answered 409: the container is not running.", 409)
            return self.ends.get(command[-1], ExecResult(0, ""))

        how = {"command": tuple(command), "user": user, "timeout_s": timeout_s}
        return self._called("exec", container, work, **how, environment=dict(environment or {}))

    def _called[T](self, name: str, target: str, work: Callable[[], T], **how: Any) -> T:
        of_its_kind = self.counts()[name] + 1
        call = Call(name, target, len(self.calls) + 1, of_its_kind, how)
        self.calls.append(call)
        self.witness(call)
        _raise_fault(self.fail_on, call)
        try:
            return work()
        finally:  # A refusal is an answer too.
            _raise_fault(self.lose_answer_on, call)


def _raise_fault(faults: Faults, call: Call) -> None:
    for key in (call.name, (call.name, call.of_its_kind), call.number):
        fault = faults.get(key)
        found = fault if fault is None or isinstance(fault, BaseException) else fault(call)
        if found is not None:
            raise found
