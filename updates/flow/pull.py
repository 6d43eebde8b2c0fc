"""The pulls of one host run: each distinct reference once, the old image kept findable.

A container stays on the platform that its image is for, the host's own or an emulated one.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.engine.pull import PullSnapshot
from updates.engine.version import is_at_least
from updates.flow.platform import is_same_machine, own_platform
from updates.flow.ports import EnginePort, Guard, Recorder, RegistryPort
from updates.flow.session import Step
from updates.registry.reference import Reference

KEEP_REPOSITORY = "watchweb/kept"
VERSION = "org.opencontainers.image.version"
PULL_TAKES_PLATFORM = "1.41"


@dataclass(frozen=True, slots=True)
class NewImage:
    """An image to change to. `created_at` None: it does not say, or says it in no known form."""

    id: str
    created_at: datetime | None = None
    version: str = ""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "NewImage":
        """From its inspect document."""
        labels = (document.get("Config") or {}).get("Labels") or {}
        try:
            created = datetime.fromisoformat(str(document.get("Created") or ""))
        except ValueError:
            created = None
        is_time = created is not None and created.tzinfo is not None
        return cls(str(document["Id"]), created if is_time else None, labels.get(VERSION, ""))


@dataclass(slots=True)
class Pulls:
    """Pulls images, and remembers per reference its image and digest, or why there is none.

    `here`: references whose new image is on the host already, and `ids` what it is found by there
    if not by its reference. `named`: the digest that a registry names for each of the others.
    `unavailable`: why one was not pulled at all. `took`: how long each was looked for, in seconds.
    """

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    guard: Guard
    timeout_s: float
    here: Collection[Reference] = ()
    named: Mapping[Reference, str] = field(default_factory=dict)
    ids: Mapping[Reference, str] = field(default_factory=dict)
    images: dict[Reference, NewImage] = field(default_factory=dict)
    digests: dict[Reference, str] = field(default_factory=dict)
    errors: dict[Reference, str] = field(default_factory=dict)
    unavailable: dict[Reference, str] = field(default_factory=dict)
    took: dict[Reference, float] = field(default_factory=dict)
    monotonic: Callable[[], float] = time.monotonic

    def run(
        self, containers: Sequence[ContainerSummary], references: Mapping[str, Reference]
    ) -> None:
        """Pull what these containers follow; `references` is by container id."""
        for reference in dict.fromkeys(references[one.id] for one in containers):
            self.recorder.may_go_on()
            followers = [one for one in containers if references[one.id] == reference]
            began = self.monotonic()
            error = self.guard(partial(self._error, reference, followers), str)
            self.took[reference] = self.monotonic() - began
            if error:
                self.errors[reference] = f"The pull of {reference.familiar} failed: {error}"

    def _error(self, reference: Reference, followers: Sequence[ContainerSummary]) -> str:
        """Get the image; why it could not be had."""
        try:
            if reference not in self.here and not self._is_pulled(reference, followers):
                return ""
            name = self.ids.get(reference) or reference.familiar
            self.images[reference] = NewImage.of(self.engine.inspect_image(name))
        except EngineError as error:
            return str(error)
        for container in followers:
            self.recorder.step(container.id, Step.PULLED, "Waiting for its turn")
        return ""

    def _is_pulled(self, reference: Reference, followers: Sequence[ContainerSummary]) -> bool:
        """Pull it, unless it does not exist for the platform."""
        platform = self._platform({container.image_id for container in followers})
        digest = self.named.get(reference, "")
        if why := self.registries.unavailable(reference, digest, platform):
            self.unavailable[reference] = why
            return False
        self._pull(reference, followers, platform)
        return True

    def _platform(self, image_ids: set[str]) -> str:
        """The platform of these images: the host's own if one of them is for it."""
        host = self.engine.info.platform
        inspect = self.engine.inspect_image
        found = [own_platform(inspect, image_id) or host for image_id in sorted(image_ids)]
        return min(found, key=lambda one: not is_same_machine(one, host))

    def _pull(
        self, reference: Reference, followers: Sequence[ContainerSummary], platform: str
    ) -> None:
        def progress(snapshot: PullSnapshot) -> None:
            for container in followers:
                self.recorder.progress(container.id, snapshot)

        for container in followers:
            self.recorder.step(container.id, Step.PULL, f"Pulling {reference.familiar}")
        self.keep({container.image_id for container in followers})
        self.digests[reference] = self.engine.pull(
            reference.familiar_name,
            tag=reference.digest or reference.tag or "latest",
            auth=self.registries.pull_auth(reference),
            on_progress=progress,
            deadline_s=self.timeout_s,
            platform=self._foreign(platform),
        )

    def _foreign(self, platform: str) -> str:
        """The platform if it is not the host's own; "" leaves the choice to the engine."""
        info = self.engine.info
        is_own = not info.platform or is_same_machine(platform, info.platform)
        can_choose = is_at_least(info.api_version, PULL_TAKES_PLATFORM)
        return "" if is_own or not can_choose else platform

    def keep(self, image_ids: set[str]) -> None:
        """Tag the old images: a containerd store forgets one whose tag moves on."""
        for image_id in sorted(image_ids):
            with suppress(NoSuchObject):  # Removed by hand: nothing is left to keep.
                self.engine.tag(image_id, KEEP_REPOSITORY, kept_tag(image_id))


def kept_tag(image_id: str) -> str:
    """The tag under which an old image stays findable: the first 12 digits of its id."""
    return image_id.removeprefix("sha256:")[:12]
