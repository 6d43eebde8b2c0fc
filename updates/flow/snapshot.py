"""What a container was before its replacement: enough to make it again if it is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from updates.engine.errors import NoSuchObject
from updates.engine.spec import CreateBody, create_body
from updates.flow import half_way, labels
from updates.flow.ports import EnginePort
from updates.registry.reference import is_image_id

_IMAGE = "watchweb.image"  # No key of an inspect document.


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The inspect documents of a container and its image; `image` is None if that is gone."""

    container: Mapping[str, Any]
    image: Mapping[str, Any] | None
    id: str
    name: str
    image_id: str
    was_running: bool
    removes_itself: bool
    restart_policy: Mapping[str, Any]
    stop_timeout: int | None

    @classmethod
    def take(cls, engine: EnginePort, container_id: str, *, ran: bool = False) -> Self:
        """Two inspects. Raises EngineError; KeyError for a document that is no container's.

        `ran`: it is kept as running, whatever it is now.
        """
        container = engine.inspect_container(container_id)
        if ran:
            container["State"]["Running"] = True
        try:
            image = engine.inspect_image(container["Image"])
        except NoSuchObject:
            image = None  # Removed by hand, or forgotten by a containerd store.
        return cls.of(container, image)

    @classmethod
    def of(cls, container: Mapping[str, Any], image: Mapping[str, Any] | None) -> Self:
        """Read at once what any later step needs: an odd document fails before any effect."""
        config, host = container["Config"], container["HostConfig"]
        timeout = config.get("StopTimeout")
        return cls(
            container,
            image,
            id=container["Id"],
            name=container["Name"].lstrip("/"),
            image_id=container["Image"],
            was_running=bool(container["State"].get("Running")),
            removes_itself=bool(host.get("AutoRemove")),
            restart_policy=host.get("RestartPolicy") or {"Name": "no"},
            stop_timeout=None if timeout is None else int(timeout),
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The reverse of `record`; an earlier record has nothing of the image. Raises KeyError."""
        return cls.of(record, record.get(_IMAGE))

    def record(self) -> dict[str, Any]:
        """The document as it is kept, with what the container has from its image."""
        wanted = ("Config", "RepoDigests")
        known = {_IMAGE: {key: self.image.get(key) for key in wanted}} if self.image else {}
        return {**self.container, **known}

    @property
    def image_names(self) -> tuple[str, ...]:
        """What its image can be pulled by, "name@sha256:…"; () if it came from no registry."""
        return tuple((self.image or {}).get("RepoDigests") or ())

    @property
    def temporary_name(self) -> str:
        return half_way.temporary_name(self.name, self.id)

    @property
    def aside_name(self) -> str:
        return half_way.aside_name(self.name, self.id)

    @property
    def has_restart_policy(self) -> bool:
        return self.restart_policy.get("Name", "no") not in ("", "no")

    def own_image(self, engine: EnginePort) -> str:
        """What to make it from again: its reference while that names its image, else the id."""
        return self.name_for(self.image_id, engine)

    def name_for(self, image_id: str, engine: EnginePort) -> str:
        """What to make it from to have this image: its reference while that names it, else the id.

        Raises EngineError.
        """
        try:
            is_current = engine.inspect_image(self.reference)["Id"] == image_id
        except NoSuchObject:
            is_current = False
        return self.reference if is_current else image_id

    def body(
        self,
        api_version: str,
        *,
        image: str,
        image_id: str,
        new_ids: Mapping[str, str],
        keeps_volumes: bool = True,
    ) -> CreateBody:
        """The create body for `image`. One made from a bare id goes on to follow its reference.

        Without `keeps_volumes` anonymous volumes begin empty; those with a name are kept always.
        """
        body = create_body(
            self.container if keeps_volumes else {**self.container, "Mounts": []},
            self.image,
            image=image,
            image_id=image_id,
            api_version=api_version,
            new_ids=new_ids,
        )
        if is_image_id(image) and not is_image_id(self.reference):
            body.config["Labels"][labels.ORIGINAL_IMAGE] = self.reference
        return body

    @property
    def reference(self) -> str:
        """What it follows; an image id if nothing else is known."""
        config = self.container["Config"]
        named = (config.get("Labels") or {}).get(labels.ORIGINAL_IMAGE, "")
        return str(named or config.get("Image") or self.image_id)
