"""The plan of a run as it stands."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from tests.views import rows
from updates.flow.session import Step
from updates.models import ContainerResult, Host, UpdateRun
from updates.models.run import RunState
from updates.runs.plan_shown import Milestone, at_work_of, course, plan_of, waiting_in


@pytest.fixture
def run(host: Host) -> UpdateRun:
    return rows.run(host, RunState.RUNNING)


def results() -> QuerySet[ContainerResult]:
    return ContainerResult.objects.select_related("host_run__host")


def test_waves_are_in_their_order_and_the_next_is_the_first_that_waits(run: UpdateRun) -> None:
    rows.result(run, "db", "updated", place=1, wave=1)
    rows.result(run, "cache", "", place=2, wave=1, step="gate")
    after = rows.result(run, "api", "", place=3, wave=2, step="pulled")
    rows.result(run, "web", "", place=4, wave=3)
    rows.result(run, "other", "fresh")
    [part] = plan_of(results())
    found = [[row.name for row in wave.results] for wave in part.waves]
    assert found == [["db", "cache"], ["api"], ["web"]]
    assert {wave.next_pk for wave in part.waves} == {after.pk}
    assert waiting_in([part]) == 3


def test_of_a_long_plan_what_is_to_come_is_shown_first(run: UpdateRun) -> None:
    for place in range(1, 7):
        rows.result(run, f"app-{place}", "updated" if place < 3 else "", place=place, wave=1)
    [part] = plan_of(results(), most=3)
    assert [row.name for row in part.waves[0].results] == ["app-3", "app-4", "app-5"]


def test_only_what_something_is_done_to_is_at_work(run: UpdateRun) -> None:
    rows.result(run, "waits", "", place=1)
    rows.result(run, "pulled", "", place=2, step="pulled")
    rows.result(run, "done", "updated", place=3, step="done")
    rows.result(run, "pulls", "", place=4, step="pull")
    assert [one.result.name for one in at_work_of(results())] == ["pulls"]


@pytest.mark.parametrize(("step", "left"), [("gate", 30), ("release", None)])
def test_the_seconds_that_a_gate_may_still_take(
    step: str, left: int | None, run: UpdateRun
) -> None:
    until = timezone.now() + timedelta(seconds=30)
    rows.result(run, "web", "", place=1, step=step, gate_until=until)
    [one] = at_work_of(results())
    assert one.left_s == left or (left and one.left_s in (left, left - 1))


def test_a_gate_that_is_late_has_no_seconds_left(run: UpdateRun) -> None:
    rows.result(run, "web", "", place=1, step="gate", gate_until=timezone.now())
    assert at_work_of(results())[0].left_s == 0


def test_a_course_says_what_is_done_what_is_now_and_what_is_ahead() -> None:
    found = course(Step.SWAP, [Step.PULL, Step.PRE_UPDATE, Step.CREATE, Step.HOLD])
    assert found == [
        *(Milestone(step, "done") for step in ("pull", "pre_update", "create", "hold")),
        Milestone("swap", "now"),
        *(Milestone(step, "ahead") for step in ("start", "gate", "release")),
    ]


def test_one_that_is_only_restarted_has_no_pull() -> None:
    assert course(Step.CREATE, [])[0] == Milestone("create", "now")
