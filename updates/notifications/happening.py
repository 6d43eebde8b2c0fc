"""One piece of news as a value: what templates see, and what a notice keeps as JSON."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from updates.models.channel import Event, severity_of


@dataclass(frozen=True, slots=True)
class Happening:
    """`event` is one of Event's values; `severity` is "info", "warning" or "error".

    For a host or a registry what belongs to a container is "". `sentence` says it all in a line.
    """

    event: str
    label: str
    severity: str
    sentence: str
    at: str
    run: int
    host: str = ""
    container: str = ""
    image: str = ""
    reason: str = ""
    old_image_id: str = ""
    new_image_id: str = ""
    old_digest: str = ""
    new_digest: str = ""
    old_version: str = ""
    new_version: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """The reverse of `to_json`; unknown keys are left out."""
        return cls(**{one.name: facts[one.name] for one in fields(cls) if one.name in facts})


def happening(event: Event, sentence: str, at: str, run: int, **facts: Any) -> Happening:
    """News of this kind, with its words filled in."""
    severity = severity_of(event).name.lower()
    return Happening(event.value, str(event.label), severity, sentence, at, run, **facts)
