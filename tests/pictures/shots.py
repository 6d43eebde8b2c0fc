"""What a picture is of, and how it is seen."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal


class When(Enum):
    """At which point of the story."""

    BEFORE = "before anything was scanned"
    LATER = "when there is something to tell"
    DURING = "while an update is on its way"


@dataclass(frozen=True, slots=True)
class Shot:
    """A page; its `path` has the story's facts in braces.

    `keys` are pressed there and `types` is typed; the page has to ask the server for it.
    """

    name: str
    title: str
    path: str
    words: str
    when: When = When.LATER
    is_signed_in: bool = True
    has_wide_one: bool = False
    status: int = 200
    keys: str = ""
    types: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A screen and its colours."""

    width: int
    height: int
    scheme: Literal["light", "dark"]

    def name(self, shot: Shot) -> str:
        return f"{shot.name}-{self.width}-{self.scheme}.webp"


VIEWS = (
    View(1280, 800, "light"),
    View(1280, 800, "dark"),
    View(390, 844, "light"),
    View(390, 844, "dark"),
)
WIDE = View(2560, 1440, "light")
