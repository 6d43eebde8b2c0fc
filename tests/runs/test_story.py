"""What happened to a container on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.views import rows
from updates.flow.session import Step
from updates.models import Host, RunEvent
from updates.runs.story import Line, Said, Story, Taken, down_s, stories, story_of

BEGAN = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def lines(*steps: tuple[str, float]) -> list[Line]:
    return [Line(BEGAN + timedelta(seconds=at), step, step) for step, at in steps]


WAY = lines(
    *((Step.PULL, 0), (Step.PULLED, 3), (Step.CREATE, 5), (Step.HOLD, 6), (Step.SWAP, 8)),
    *((Step.START, 8.5), (Step.GATE, 9), (Step.GATE, 12), (Step.RELEASE, 19), (Step.DONE, 20)),
)


def test_each_step_lasts_until_the_next() -> None:
    found = story_of(WAY).steps
    assert found == (
        *(Taken(Step.PULL, 3), Taken(Step.CREATE, 1), Taken(Step.HOLD, 2), Taken(Step.SWAP, 0.5)),
        *(Taken(Step.START, 0.5), Taken(Step.GATE, 10), Taken(Step.RELEASE, 1)),
    )


def test_the_last_step_of_one_that_is_at_work_has_no_length_yet() -> None:
    assert story_of(lines((Step.PULL, 0))) == Story()


def test_it_was_down_from_the_stop_until_the_new_one_had_started() -> None:
    assert story_of(WAY).down_s == 3


@pytest.mark.parametrize(
    ("told", "down"),
    [
        ([], None),
        (lines((Step.PULL, 0), (Step.CREATE, 1), (Step.DONE, 2)), None),
        (lines((Step.HOLD, 1), (Step.SWAP, 2)), None),
        (lines((Step.HOLD, 1), (Step.SWAP, 2), (Step.RELEASE, 3), (Step.DONE, 4)), None),
        (
            lines(
                *((Step.HOLD, 1), (Step.SWAP, 2), (Step.START, 3), (Step.GATE, 4)),
                *((Step.ROLL_BACK, 9), (Step.DONE, 11)),
            ),
            10,
        ),
        (lines((Step.HOLD, 1), (Step.ROLL_BACK, 2)), None),
    ],
)
def test_how_long_it_was_down_is_told_only_where_it_is_known(
    told: list[Line], down: float | None
) -> None:
    assert down_s(told) == down


def test_what_its_commands_printed_is_told_and_that_they_began_is_not() -> None:
    told = [
        Line(BEGAN, Step.PRE_UPDATE, "Running the pre-update command"),
        Line(BEGAN, Step.PRE_UPDATE, "The pre-update command ended with code 0.\nSaved.\nBye."),
        Line(BEGAN, Step.GATE, "Watching\nit"),
    ]
    assert story_of(told).said == (
        Said("The pre-update command ended with code 0.", "Saved.\nBye."),
    )


def test_namesakes_on_two_hosts_have_stories_of_their_own(
    host: Host, django_assert_num_queries: object
) -> None:
    other = Host.objects.create(name="attic", url="unix:///x.sock")
    run = rows.run(host)
    here = rows.result(run, "web")
    part = run.host_runs.create(host=other)
    there = type(here).objects.create(host_run=part, container_id="1", name="web", image="web:1")
    rows.result(rows.run(host), "web")
    for number, (of, step) in enumerate([(here.host_run, "pull"), (part, "hold")]):
        for seconds, one in enumerate((step, "done")):
            at = BEGAN + timedelta(seconds=seconds * (number + 1))
            RunEvent.objects.create(host_run=of, container="web", step=one, at=at, message=one)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = stories([here, there])
    assert found[here.pk].steps == (Taken("pull", 1),)
    assert found[there.pk].steps == (Taken("hold", 2),)
