"""The pulls of one host run: each distinct reference once, the old image kept findable."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError, NoSuchObject
from updates.engine.pull import PullSnapshot
from updates.flow.ports import EnginePort, Guard, Recorder, RegistryPort
from updates.flow.session import Step
from updates.registry.reference import Reference

KEEP_REPOSITORY = "watchweb/kept"


@dataclass(slots=True)
class Pulls:
    """Pulls images, and remembers per reference its image id and digest, or the error.

    `here`: references whose new image is on the host already.
    """

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    guard: Guard
    timeout_s: float
    here: Collection[Reference] = ()
    image_ids: dict[Reference, str] = field(default_factory=dict)
    digests: dict[Reference, str] = field(default_factory=dict)
    errors: dict[Reference, str] = field(default_factory=dict)

    def run(
        self, containers: Sequence[ContainerSummary], references: Mapping[str, Reference]
    ) -> None:
        """Pull what these containers follow; `references` is by container id."""
        for reference in dict.fromkeys(references[one.id] for one in containers):
            self.recorder.may_go_on()
            followers = [one for one in containers if references[one.id] == reference]
            error = self.guard(partial(self._error, reference, followers), str)
            if error:
                self.errors[reference] = f"The pull of {reference.familiar} failed: {error}"

    def _error(self, reference: Reference, followers: Sequence[ContainerSummary]) -> str:
        """Get the image; why it could not be had."""
        try:
            if reference not in self.here:
                self._pull(reference, followers)
            self.image_ids[reference] = str(self.engine.inspect_image(reference.familiar)["Id"])
        except EngineError as error:
            return str(error)
        for container in followers:
            self.recorder.step(container.id, Step.PULLED, "Waiting for its turn")
        return ""

    def _pull(self, reference: Reference, followers: Sequence[ContainerSummary]) -> None:
        def progress(snapshot: PullSnapshot) -> None:
            for container in followers:
                self.recorder.progress(container.id, snapshot)

        for container in followers:
            self.recorder.step(container.id, Step.PULL, f"Pulling {reference.familiar}")
        self._keep({container.image_id for container in followers})
        self.digests[reference] = self.engine.pull(
            reference.familiar_name,
            tag=reference.tag or "latest",
            auth=self.registries.pull_auth(reference),
            on_progress=progress,
            deadline_s=self.timeout_s,
        )

    def _keep(self, image_ids: set[str]) -> None:
        """Tag the old images: a containerd store forgets one whose tag moves on."""
        for image_id in sorted(image_ids):
            with suppress(NoSuchObject):  # Removed by hand: nothing is left to keep.
                self.engine.tag(image_id, KEEP_REPOSITORY, kept_tag(image_id))


def kept_tag(image_id: str) -> str:
    """The tag under which an old image stays findable: the first 12 digits of its id."""
    return image_id.removeprefix("sha256:")[:12]
