"""What keeps a container on the image it has: one image blocked for it, or all of them.

An image that failed in a container is blocked for it; another one from the registry is tried by
itself. A container that was sent back to an earlier image is held altogether.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from updates.language import gettext as _
from updates.language import gettext_noop

HELD = gettext_noop(
    "An update is available; the container is held. {why} Release it on its page to go on."
)
BLOCKED = gettext_noop(
    "An update is available, but this image is blocked here. {why} Another image from the registry "
    "is tried by itself; lift the block on the container's page to try this one again."
)


@dataclass(frozen=True, slots=True)
class Hold:
    """`digest` "": whatever the registry has is held back. Else that image alone, by its digest
    or by its id on the host ("" is not known). `why` is a sentence."""

    digest: str
    why: str
    image_id: str = ""

    @property
    def is_for_all(self) -> bool:
        return not self.digest

    def keeps_out(self, digest: str, image_id: str) -> bool:
        """Whether it holds back the image with one of these; "" is not known."""
        is_same = digest == self.digest or (bool(image_id) and image_id == self.image_id)
        return self.is_for_all or is_same


type Holds = Mapping[str, Sequence[Hold]]  # By the container's name.


def why_held(holds: Sequence[Hold], digest: str, image_id: str) -> str:
    """The sentence that keeps an update to this image away from a container; "" when none does."""
    found = [one for one in holds if one.keeps_out(digest, image_id)]
    if not found:
        return ""
    first = min(found, key=lambda one: not one.is_for_all)
    return _(HELD if first.is_for_all else BLOCKED).format(why=as_sentence(first.why))


def as_sentence(reason: str) -> str:
    """A reason as a person typed it, with a stop if it has none."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
