"""Is a container's image behind its registry? Decided from two lists and one digest.

Stale = the reference's remote digest is not among the RepoDigests of the same repository on the
container's image, or the local tag names another image already (somebody pulled or built it).
What does not exist for the platform is never stale: there is nothing to change to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from updates.engine.container import ContainerSummary, ImageSummary
from updates.flow import labels
from updates.flow.platform import fits_platform, not_available
from updates.flow.session import CheckStatus
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_image_id

TAG_MOVED = "The tag names another image on this host already."
OTHER_IMAGE = "The registry has another image under this tag."


@dataclass(frozen=True, slots=True)
class Answer:
    """What a registry said of a reference: a digest, or an error in one sentence.

    `is_missing`: the registry answered, and has no such tag (or hides it). `platforms`: those
    that the digest exists for, "os/arch[/variant]"; None: not known.
    """

    digest: str = ""
    error: str = ""
    is_missing: bool = False
    platforms: Collection[str] | None = None

    def is_for(self, platform: str) -> bool:
        """False if the digest is known to exist for other platforms only; "" fits all."""
        return not self.platforms or fits_platform(platform, self.platforms)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one container stands. `reference` is None when its image name cannot be followed.

    `is_here`: the image to change to is on the host already; there is nothing to pull.
    `new_image_id` is its id then.
    """

    status: CheckStatus
    reference: Reference | None = None
    reason: str = ""
    local_digest: str = ""
    remote_digest: str = ""
    is_here: bool = False
    new_image_id: str = ""

    @property
    def is_stale(self) -> bool:
        return self.status is CheckStatus.UPDATE_AVAILABLE


@dataclass(frozen=True, slots=True)
class Images:
    """The engine's images, to look up by id and by tag; tags are in their canonical spelling."""

    by_id: Mapping[str, ImageSummary]
    by_tag: Mapping[str, str]

    @classmethod
    def of(cls, images: Collection[ImageSummary]) -> "Images":
        tags = {_canonical(tag): image.id for image in images for tag in image.repo_tags}
        return cls({image.id: image for image in images}, tags)

    def successor(self, container: ContainerSummary, reference: Reference) -> ImageSummary | None:
        """The image that took the container's tag over; None while the tag is its own."""
        tagged = self.by_tag.get(reference.canonical, container.image_id)
        return self.by_id[tagged] if tagged != container.image_id else None


def reference_of(
    container: ContainerSummary, images: Images, configured_image: str = ""
) -> Reference | None:
    """The reference a container follows; None for an image id, whole or shortened.

    `configured_image` is what its inspect names, for a container whose list entry shows an id.
    Raises InvalidReference.
    """
    name = container.labels.get(labels.ORIGINAL_IMAGE, "") or configured_image or container.image
    is_id = is_image_id(name) or _is_own_id(name, container, images)
    return None if is_id else Reference.parse(name)


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
    """The verdict that needs no registry; None when it has to be asked.

    An image that was made here has no digests: nobody is asked for it. Only a containerd store
    gives it one, its own id, which a pulled image has as well: there the registry is asked.
    """
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
    return Verdict(
        CheckStatus.UPDATE_AVAILABLE,
        reference,
        TAG_MOVED,
        is_here=True,
        new_image_id=successor.id,
    )


def judge(
    container: ContainerSummary,
    reference: Reference,
    images: Images,
    answer: Answer,
    settled: Collection[tuple[str, str]],
    platform: str,
) -> Verdict:
    """The verdict on a container whose registry was asked; `platform` "" is not known."""
    known = digests_for(images.by_id.get(container.image_id), reference)
    local = known[0] if known else ""
    successor = images.successor(container, reference)
    if successor is None and answer.error:
        return _without_answer(container, reference, answer, local)
    # A containerd store's image id is the digest, and still says so when the image is gone.
    is_current = answer.digest in (*known, container.image_id)
    if successor is None and (is_current or (answer.digest, container.image_id) in settled):
        return Verdict(CheckStatus.UP_TO_DATE, reference, "", local, answer.digest)
    is_here = successor is not None and (
        bool(answer.error) or _has(successor, reference, answer, settled)
    )
    status, reason = CheckStatus.UPDATE_AVAILABLE, TAG_MOVED if successor else OTHER_IMAGE
    if not is_here and not answer.is_for(platform):
        status, reason = CheckStatus.UNKNOWN, not_available(reference, platform)
    new_image_id = successor.id if successor and is_here else ""
    return Verdict(status, reference, reason, local, answer.digest, is_here, new_image_id)


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


def _is_own_id(name: str, container: ContainerSummary, images: Images) -> bool:
    """Whether the name is the image's id as people shorten it; a tag of that name comes first."""
    digits = name.removeprefix("sha256:")
    is_start = container.image_id.removeprefix("sha256:").startswith(digits)
    return bool(digits) and is_start and _canonical(name) not in images.by_tag


def _canonical(tag: str) -> str:
    """The tag with nothing left out: Docker shortens Docker Hub's names, Podman does not."""
    try:
        return Reference.parse(tag).canonical
    except InvalidReference:
        return tag
