"""The pulls of one host run: each distinct reference once, the old image kept findable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError
from updates.engine.pull import PullSnapshot
from updates.flow.ports import EnginePort, Recorder, RegistryPort
from updates.flow.session import Step
from updates.registry.reference import Reference

KEEP_REPOSITORY = "watchweb/kept"


@dataclass(slots=True)
class Pulls:
    """Pulls images, and remembers per reference its image id and digest, or the error."""

    engine: EnginePort
    registries: RegistryPort
    recorder: Recorder
    timeout_s: float
    no_pull: bool = False
    image_ids: dict[Reference, str] = field(default_factory=dict)
    digests: dict[Reference, str] = field(default_factory=dict)
    errors: dict[Reference, str] = field(default_factory=dict)

    def run(
        self, containers: Sequence[ContainerSummary], references: Mapping[str, Reference]
    ) -> None:
        """Pull what these containers follow; `references` is by container id."""
        for reference in dict.fromkeys(references[one.id] for one in containers):
            followers = [one for one in containers if references[one.id] == reference]
            try:
                self._pull(reference, followers)
            except EngineError as error:
                self.errors[reference] = f"The pull of {reference.familiar} failed: {error}"
            else:
                for container in followers:
                    self.recorder.step(container.id, Step.PULLED, "Pulled; waiting for its turn")

    def _pull(self, reference: Reference, followers: Sequence[ContainerSummary]) -> None:
        def progress(snapshot: PullSnapshot) -> None:
            for container in followers:
                self.recorder.progress(container.id, snapshot)

        if not self.no_pull:
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
        self.image_ids[reference] = str(self.engine.inspect_image(reference.familiar)["Id"])

    def _keep(self, image_ids: set[str]) -> None:
        """Tag the old images: a containerd store forgets one whose tag moves on."""
        for image_id in sorted(image_ids):
            self.engine.tag(image_id, KEEP_REPOSITORY, kept_tag(image_id))


def kept_tag(image_id: str) -> str:
    """The tag under which an old image stays findable: the first 12 digits of its id."""
    return image_id.removeprefix("sha256:")[:12]
