"""A few points of the drill on other parts: SQLite, and a newer engine."""

import pytest

from tests.drill.conftest import drilling
from tests.drill.drill import Drill
from tests.drill.kinds import KINDS
from tests.drill.points import Cause, all_points
from tests.lab.fixtures import need

pytestmark = pytest.mark.slow


def check(drill: Drill, name: str, cause: Cause, percent: int) -> None:
    kind = next(one for one in KINDS if one.name == name)
    points = all_points(*drill.record(kind), cause, kind, on_sqlite=not drill.database)
    outcome = drill.run(kind, points[len(points) * percent // 100], cause)
    assert outcome.was_reached, str(outcome)
    assert not outcome.troubles, str(outcome)


def test_nothing_is_lost_with_sqlite() -> None:
    for part in ("dockerd", "clock"):
        need(part)
    with drilling(on_sqlite=True) as drill:
        check(drill, "plain", Cause.KILL, 40)
        check(drill, "plain", Cause.FULL, 60)
        check(drill, "network", Cause.KILL, 60)


@pytest.mark.postgres
def test_nothing_is_lost_on_a_newer_engine() -> None:
    for part in ("newer dockerd", "postgres", "clock"):
        need(part)
    with drilling(is_newer=True) as drill:
        check(drill, "address", Cause.KILL, 35)
        check(drill, "network", Cause.ENGINE, 50)
