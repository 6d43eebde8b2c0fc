"""The part of the drill that every test run has the time for; `make drill` does all of it."""

import pytest

from tests.drill.drill import Drill
from tests.drill.kinds import KINDS, Kind
from tests.drill.points import Cause, all_points

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

# Of each kind a few points, spread over its course, each with another cause: (cause, which of
# each hundred points).
CHOSEN = {
    "plain": [
        (Cause.KILL, 10),
        (Cause.ENGINE, 25),
        (Cause.DATABASE, 40),
        (Cause.PAUSE, 48),
        (Cause.LATE, 33),
    ],
    "health": [(Cause.KILL, 42)],
    "ill": [(Cause.KILL, 55), (Cause.KILL, 68), (Cause.DATABASE, 90)],
    "anonymous": [(Cause.KILL, 20)],
    "address": [(Cause.KILL, 35), (Cause.AHEAD, 30)],
    "rm": [(Cause.KILL, 15), (Cause.ENGINE, 30)],
    "network": [(Cause.KILL, 15), (Cause.AGAIN, 35), (Cause.DATABASE, 45), (Cause.PAUSE, 95)],
    "hooks": [(Cause.KILL, 50)],
    "rolling": [(Cause.KILL, 30)],
    "batch": [(Cause.KILL, 25), (Cause.DATABASE, 70)],
}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_nothing_is_lost_doubled_or_left_over(lab_drill: Drill, kind: Kind) -> None:
    effects, writes = lab_drill.record(kind)
    assert len(effects) * 2 + len(writes) >= 20
    for cause, percent in CHOSEN[kind.name]:
        points = all_points(effects, writes, cause, kind)
        outcome = lab_drill.run(kind, points[len(points) * percent // 100], cause)
        assert outcome.was_reached, str(outcome)
        assert not outcome.troubles, str(outcome)
