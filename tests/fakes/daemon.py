"""What a Docker Engine has inside, in memory, and the rules it keeps."""

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.fakes import shares
from tests.fakes.names import digest_of, remote_digest, spelled
from tests.fakes.surroundings import Surroundings
from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineConflict, EngineRefused, NoSuchObject

Json = dict[str, Any]


@dataclass(slots=True)
class FakeImage:
    """An image, and how a container made from it behaves once started.

    `exit_code`: it stops at once. `restarts`: the restart count it shows. `health`: what its
    healthcheck says, one word an inspect, the last one for ever; () is none. `says`: its output.
    """

    seed: str
    tags: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    config: Json = field(default_factory=dict)
    exit_code: int | None = None
    restarts: int = 0
    health: tuple[str, ...] = ()
    platform: str = "linux/amd64"
    created: str = ""
    says: str = ""

    @property
    def id(self) -> str:
        return "sha256:" + digest_of(self.seed)


@dataclass(slots=True)
class FakeContainer:
    """A container. `boot` changes at each start: what joined its network before is cut off."""

    id: str
    name: str
    image: FakeImage
    config: Json
    host: Json
    networks: Json = field(default_factory=dict)
    state: str = "created"
    exit_code: int = 0
    health: list[str] = field(default_factory=list)
    boot: int = 0
    joined_boot: int = 0

    @property
    def is_running(self) -> bool:
        return self.state in ("running", "restarting", "paused")

    @property
    def network_parent(self) -> str:
        return shares.parent(self.host, "network")


class FakeDaemon(Surroundings):
    """Containers by id and images by id. `remote` is what the registries have, by reference;
    `mirrored` is what a mirror has, which is asked first."""

    def __init__(self, *, forgets_untagged: bool = False) -> None:
        self.forgets_untagged = forgets_untagged  # as a containerd store does
        self.kept: dict[str, FakeContainer] = {}
        self.stored: dict[str, FakeImage] = {}
        self.remote: dict[str, FakeImage] = {}
        self.mirrored: dict[str, FakeImage] = {}
        self.lingers = 0  # inspects that still find a --rm container after it stopped
        self.omits = ""  # a key that inspects of containers lack
        self.loses = ""  # a key of a HostConfig that a create takes no notice of
        super().__init__()
        self._made = 0

    # For tests: what is there.

    def run(
        self,
        name: str,
        image: str,
        *,
        state: str = "running",
        config: Json | None = None,
        **host: Any,
    ) -> str:
        """A container as a user started it; the image is made if it is not there. Its id."""
        if self._image(image) is None:
            self.add_image(FakeImage(image), image)
        container = self._make(name, {"Image": image} | (config or {}), host)
        container.state = state
        if container.is_running:
            self._boot(container)
            container.state = state
        return container.id

    def add_image(self, image: FakeImage, tag: str = "") -> FakeImage:
        """Put an image there; a tag moves to it. One with a tag has a digest of that name."""
        if tag:
            self._move_tag(tag, image)
            name = spelled(tag).rpartition(":")[0]
            image.digests = image.digests or [f"{name}@{remote_digest(image.seed)}"]
        self.stored[image.id] = image
        return image

    def forget(self, container: str) -> None:
        """Somebody removed it."""
        del self.kept[container]

    def named(self, name: str) -> FakeContainer:
        return next(one for one in self.kept.values() if one.name == name)

    def names(self) -> set[str]:
        return {one.name for one in self.kept.values()}

    def is_connected(self, name: str) -> bool:
        """True if the container lives in the network that its parent has now."""
        child = self.named(name)
        parent = self.kept.get(self._find(child.network_parent).id)
        return parent is not None and parent.is_running and child.joined_boot == parent.boot

    # Its rules.

    def _make(self, name: str, config: Json, host: Json) -> FakeContainer:
        self._refuse_taken(name)
        image = self._image(config["Image"])
        if image is None:
            raise NoSuchObject(f"The engine answered 404: No such image: {config['Image']}.", 404)
        self._made += 1
        made = FakeContainer(digest_of(f"container {self._made}"), name, image, config, host)
        for parent in shares.all_parents(host):
            self._find(parent)
        made.config["Labels"] = image.config.get("Labels", {}) | (config.get("Labels") or {})
        if image.health:
            made.config.setdefault("Healthcheck", {"Test": ["CMD", "true"], "Retries": 3})
        self.kept[made.id] = made
        return made

    def _start(self, container: FakeContainer) -> None:
        if container.is_running:
            return
        if container.state == "removing":
            raise EngineConflict("The engine answered 409: it is marked for removal.", 409)
        self._boot(container)
        if container.image.exit_code is not None:
            container.exit_code = container.image.exit_code
            self._stop(container)

    def _boot(self, container: FakeContainer) -> None:
        for parent in map(self._find, shares.joined(container.host)):
            if not parent.is_running:
                raise EngineRefused("The engine answered 500: cannot join what is stopped.", 500)
        if container.network_parent:
            container.joined_boot = self._find(container.network_parent).boot
        self._made += 1
        container.state, container.boot = "running", self._made
        container.health = list(container.image.health)

    def _stop(self, container: FakeContainer) -> None:
        if not container.is_running:
            return
        container.state = "exited"
        for one in list(self.kept.values()):
            if shares.parent(one.host, "pid") in (container.id, container.id[:12], container.name):
                self._stop(one)
        if container.host.get("AutoRemove"):
            container.state = "removing"
            if not self.lingers:
                del self.kept[container.id]

    def _find(self, container: str) -> FakeContainer:
        for one in self.kept.values():
            if container in (one.id, one.name) or (container and one.id.startswith(container)):
                return one
        raise NoSuchObject(f"The engine answered 404: No such container: {container}.", 404)

    def _refuse_taken(self, name: str) -> None:
        if name in self.names():
            raise EngineConflict(f"The engine answered 409: the name {name} is in use.", 409)

    def _inspect(self, container: str) -> Json:
        found = self._find(container)
        if found.state == "removing":
            self.lingers -= 1
            if self.lingers <= 0:
                del self.kept[found.id]
        state: Json = {
            "Status": found.state,
            "Running": found.is_running,
            "Paused": found.state == "paused",
            "Restarting": found.state == "restarting",
            "ExitCode": found.exit_code,
        }
        if found.health:
            state["Health"] = {"Status": found.health[0]}
            found.health = found.health[1:] or found.health
        document: Json = {
            "Id": found.id,
            "Name": f"/{found.name}",
            "Image": found.image.id,
            "State": state,
            "RestartCount": found.image.restarts if found.is_running else 0,
            "Config": found.config,
            "HostConfig": found.host,
            "NetworkSettings": {"Networks": found.networks},
            "Mounts": [],
            "GraphDriver": {"Name": "overlay2", "Data": {"UpperDir": f"/layers/{found.id}/diff"}},
        }
        document.pop(self.omits, None)
        return copy.deepcopy(document)

    def _entry(self, container: FakeContainer) -> ContainerSummary:
        named = self._image(container.config["Image"])
        shows_name = named is not None and named.id == container.image.id
        return ContainerSummary(
            id=container.id,
            name=container.name,
            image=container.config["Image"] if shows_name else container.image.id,
            image_id=container.image.id,
            state=container.state,
            labels=dict(container.config["Labels"]),
            network_mode=str(container.host.get("NetworkMode", "")),
        )

    def _image(self, text: str) -> FakeImage | None:
        for name in (text, spelled(text)):
            for image in self.stored.values():
                if name == image.id or name in image.tags or name in image.digests:
                    return image
        digits = text.removeprefix("sha256:")
        found = (one for one in self.stored.values() if one.id[7:].startswith(digits))
        return next(found, None) if digits else None

    def _move_tag(self, tag: str, image: FakeImage) -> None:
        tag = spelled(tag)
        before = next((one for one in self.stored.values() if tag in one.tags), None)
        if before is not None and before.id != image.id:
            before.tags.remove(tag)
            if self.forgets_untagged and not before.tags:
                del self.stored[before.id]
        if tag not in image.tags:
            image.tags.append(tag)

    def _remove_image(self, text: str) -> None:
        image = self._image(text)
        if image is None:
            raise NoSuchObject(f"The engine answered 404: No such image: {text}.", 404)
        if text in image.tags and len(image.tags) + len(image.digests) > 1:
            image.tags.remove(text)
            return
        repositories = {tag.rpartition(":")[0] for tag in image.tags}
        repositories |= {name.partition("@")[0] for name in image.digests}
        if len(repositories) > 1 or len(image.tags) > 1:
            raise EngineConflict("The engine answered 409: it has names in several places.", 409)
        if any(one.image.id == image.id for one in self.kept.values()):
            raise EngineConflict("The engine answered 409: a container uses it.", 409)
        del self.stored[image.id]
