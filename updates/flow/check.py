"""Is a container's image behind its registry? Decided from two lists and one digest.

Stale = the reference's remote digest is not among the RepoDigests of the same repository on the
container's image, or the local tag names another image already (somebody pulled or built it).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from updates.engine.container import ContainerSummary, ImageSummary
from updates.flow import labels
from updates.flow.session import CheckStatus
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_image_id

TAG_MOVED = "The tag names another image on this host already."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry said of a reference: a digest, or an error in one sentence.

    `is_missing`: the registry answered, and has no such tag (or hides it).
    """

    digest: str = ""
    error: str = ""
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one container stands. `reference` is None when its image name cannot be followed.

    `is_here`: the image to change to is on the host already; there is nothing to pull.
    """

    status: CheckStatus
    reference: Reference | None = None
    reason: str = ""
    local_digest: str = ""
    remote_digest: str = ""
    is_here: bool = False

    @property
    def is_stale(self) -> bool:
        return self.status is CheckStatus.UPDATE_AVAILABLE


@dataclass(frozen=True, slots=True)
class Images:
    """The engine's images, to look up by id and by tag."""

    by_id: Mapping[str, ImageSummary]
    by_tag: Mapping[str, str]

    @classmethod
    def of(cls, images: Collection[ImageSummary]) -> "Images":
        tags = {tag: image.id for image in images for tag in image.repo_tags}
        return cls({image.id: image for image in images}, tags)

    def successor(self, container: ContainerSummary, reference: Reference) -> ImageSummary | None:
        """The image that took the container's tag over; None while the tag is its own."""
        tagged = self.by_tag.get(reference.familiar, container.image_id)
        return self.by_id[tagged] if tagged != container.image_id else None


def reference_of(container: ContainerSummary, configured_image: str = "") -> Reference | None:
    """The reference a container follows; None for a bare image id.

    `configured_image` is what its inspect names, for a container whose list entry shows an id.
    Raises InvalidReference.
    """
    name = container.labels.get(labels.ORIGINAL_IMAGE, "") or configured_image or container.image
    return None if is_image_id(name) else Reference.parse(name)


def digests_for(image: ImageSummary | None, reference: Reference) -> tuple[str, ...]:
    """The image's digests in the reference's own repository."""
    found = []
    for text in image.repo_digests if image else ():
        try:
            known = Reference.parse(text)
        except InvalidReference:
            continue  # "<none>@<none>" of an image that lost its name
        if known.repository == reference.repository and known.digest:
            found.append(known.digest)
    return tuple(found)


def before_asking(
    container: ContainerSummary, reference: Reference | None, images: Images
) -> Verdict | None:
    """The verdict that needs no registry; None when it has to be asked."""
    if reference is None:
        return Verdict(CheckStatus.LOCAL, reason="Its image has no name, only an id.")
    if reference.is_pinned:
        reason = "Its image is pinned to a digest."
        return Verdict(CheckStatus.PINNED, reference, reason, local_digest=reference.digest or "")
    image = images.by_id.get(container.image_id)
    if image is None or image.repo_digests:
        return None
    successor = images.successor(container, reference)
    if successor is None:
        reason = "Its image was made on this host and comes from no registry."
        return Verdict(CheckStatus.LOCAL, reference, reason)
    if successor.repo_digests:
        return None
    return Verdict(CheckStatus.UPDATE_AVAILABLE, reference, TAG_MOVED, is_here=True)


def judge(
    container: ContainerSummary,
    reference: Reference,
    images: Images,
    answer: Answer,
    settled: Collection[tuple[str, str]],
) -> Verdict:
    """The verdict on a container whose registry was asked."""
    known = digests_for(images.by_id.get(container.image_id), reference)
    local = known[0] if known else ""
    if successor := images.successor(container, reference):
        is_here = bool(answer.error) or _has(successor, reference, answer, settled)
        return Verdict(
            CheckStatus.UPDATE_AVAILABLE, reference, TAG_MOVED, local, answer.digest, is_here
        )
    if answer.error:
        return _without_answer(container, reference, answer, local)
    if answer.digest in known or (answer.digest, container.image_id) in settled:
        return Verdict(CheckStatus.UP_TO_DATE, reference, "", local, answer.digest)
    reason = "The registry has another image under this tag."
    return Verdict(CheckStatus.UPDATE_AVAILABLE, reference, reason, local, answer.digest)


def _has(
    image: ImageSummary,
    reference: Reference,
    answer: Answer,
    settled: Collection[tuple[str, str]],
) -> bool:
    """True if the image is what the registry has."""
    return answer.digest in digests_for(image, reference) or (answer.digest, image.id) in settled


def _without_answer(
    container: ContainerSummary, reference: Reference, answer: Answer, local: str
) -> Verdict:
    # A containerd-store engine lists a local image's own id as its digest.
    if answer.is_missing and local in ("", container.image_id):
        reason = f"Its image seems to have been made on this host: {answer.error}"
        return Verdict(CheckStatus.LOCAL, reference, reason)
    return Verdict(CheckStatus.UNKNOWN, reference, answer.error, local)
