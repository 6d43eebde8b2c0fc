"""An image that a container had: found on its host by its id, or pulled again by its digest."""

from dataclasses import dataclass, replace

from updates.engine.errors import NoSuchObject
from updates.flow.ports import EnginePort, Guard, Recorder, RegistryPort
from updates.flow.pull import Pulls
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference


@dataclass(frozen=True, slots=True)
class Past:
    """`reference` is what the container followed then; `digest` and `version` may be ""."""

    image_id: str
    digest: str
    reference: str
    version: str = ""

    def __str__(self) -> str:
        """ "version 1.2 (sha256:0123456789ab)", for sentences."""
        algorithm, _, digits = (self.digest or self.image_id).rpartition(":")
        short = f"{algorithm or 'sha256'}:{digits[:12]}"
        return f"version {self.version} ({short})" if self.version else short

    def pinned(self) -> Reference:
        """What it is pulled by. Raises InvalidReference."""
        reference = Reference.parse(self.reference)
        return replace(reference, tag=None, digest=self.digest) if self.digest else reference

    def is_on(self, engine: EnginePort) -> bool:
        """Whether the image itself is on the host. Raises EngineError."""
        try:
            engine.inspect_image(self.image_id)
        except NoSuchObject:
            return False
        return True

    def why_lost(self, engine: EnginePort) -> str:
        """The sentence that says why it cannot be had any more; "" when it can be, or may be.

        Raises EngineError.
        """
        try:
            self.pinned()
        except InvalidReference as error:
            return f"Nobody knows any more what image {self} was: {error}"
        if self.digest or self.is_on(engine):
            return ""
        return f"The image {self} is not on this host any more, and came from no registry."

    def pulls(
        self,
        engine: EnginePort,
        registries: RegistryPort,
        recorder: Recorder,
        guard: Guard,
        timeout_s: float,
    ) -> Pulls:
        """What gets this image, if there is anything to get. Raises EngineError."""
        wanted = self.pinned()
        here = {wanted: self.image_id} if self.is_on(engine) else {}
        named = {} if here else {wanted: self.digest}
        return Pulls(engine, registries, recorder, guard, timeout_s, here, named, here)
