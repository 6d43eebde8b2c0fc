"""A delivery as it arrives, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from updates.registry.errors import InvalidReference
from updates.registry.reference import DOCKER_HUB, Reference, is_digest, normalize_domain
from updates.webhooks.errors import Malformed

MAX_PUSHES = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request. Names of headers are in lower case; of a name given twice the last counts."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Push:
    """An image that was pushed; `tag` "" is the repository, whatever the tag."""

    domain: str
    path: str
    tag: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """Read "nginx:1.27" or "ghcr.io/a/b"; a digest says no more than no tag.

        Raises Malformed.
        """
        try:
            found = Reference.parse(text)
        except InvalidReference as error:
            raise Malformed(str(error)) from error
        last = text.partition("@")[0].rpartition("/")[2]
        return cls(found.domain, found.path, (found.tag or "") if ":" in last else "")

    @classmethod
    def named(cls, domain: str, path: str, tag: str) -> Self:
        """From its parts; a digest as the tag is none. Raises Malformed."""
        tagged = f":{tag}" if tag and not is_digest(tag) else ""
        try:
            known = normalize_domain(domain)
        except InvalidReference as error:
            raise Malformed(str(error)) from error
        # A host without a dot or port would read as a part of a path on Docker Hub.
        read_as = known if known == DOCKER_HUB else "registry.invalid"
        return replace(cls.of(f"{read_as}/{path}{tagged}"), domain=known)

    def at(self, domain: str) -> "Push":
        """The same image under the address that containers use for its registry; "" is as it is.

        Raises Malformed.
        """
        return Push.named(domain, self.path, self.tag) if domain else self

    def is_of(self, reference: Reference) -> bool:
        """Whether a container on this reference is to look for it. One on a digest never is."""
        is_same = (reference.domain, reference.path) == (self.domain, self.path)
        return is_same and not reference.is_pinned and self.tag in ("", reference.tag)

    @property
    def words(self) -> str:
        """As people write it: "nginx:1.27", "ghcr.io/a/b (any tag)"."""
        name = Reference(self.domain, self.path, self.tag or None, None).familiar
        return name if self.tag else f"{name} (any tag)"

    def __str__(self) -> str:
        """What `of` reads: "docker.io/library/nginx:1.27"."""
        return f"{self.domain}/{self.path}" + (f":{self.tag}" if self.tag else "")


@dataclass(frozen=True, slots=True)
class Message:
    """What a delivery says: its kind of event, and the pushes; or why it tells of none."""

    event: str
    pushes: tuple[Push, ...] = ()
    reason: str = ""

    def of(self, *pushes: Push) -> "Message":
        """With these, each once, in their order. Raises Malformed if they are too many."""
        found = tuple(dict.fromkeys(pushes))
        if len(found) > MAX_PUSHES:
            raise Malformed(f"It names {len(found)} images; {MAX_PUSHES} is the most.")
        return replace(self, pushes=found)
