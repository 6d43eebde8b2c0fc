"""All pages that have a picture, in the order they are shown."""

from collections.abc import Sequence

from tests.pictures.fleet import FLEET
from tests.pictures.house import HOUSE
from tests.pictures.shots import Shot

SHOTS: Sequence[Shot] = (*FLEET, *HOUSE)
