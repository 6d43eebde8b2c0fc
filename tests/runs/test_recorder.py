"""The record of a host run, while it goes."""

import pytest

from tests.runs.rows import host_run, listed
from updates.engine.pull import PullSnapshot
from updates.flow.check import Verdict
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.session import CheckStatus, Interrupted, Result, State, Step
from updates.models import Container, ContainerResult, Host, HostRun, RunEvent
from updates.models.run import RunState
from updates.registry.reference import Reference
from updates.runs.recorder import RowRecorder

WEB = listed("web", "it")
STALE = Verdict(
    CheckStatus.UPDATE_AVAILABLE, Reference.parse(WEB.image), "", "sha256:1", "sha256:2"
)


class Watch:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def recorder(host: Host, watch: Watch) -> RowRecorder:
    """Of a run that has planned to update one container."""
    recorder = RowRecorder(host_run(host), monotonic=watch)
    recorder.inventory([WEB], [])
    recorder.checked({"it": STALE})
    recorder.planned(Plan((Action(WEB, ActionKind.UPDATE, "Newer."),)))
    return recorder


def test_what_is_planned_is_there_before_it_is_done(recorder: RowRecorder) -> None:
    row = ContainerResult.objects.get()

    assert (row.name, row.state, row.step, row.reason) == ("web", "", "", "Newer.")
    assert (row.old_digest, row.new_digest) == ("sha256:1", "sha256:2")


def test_progress_is_written_twice_a_second_at_most(
    recorder: RowRecorder, watch: Watch, django_assert_num_queries: object
) -> None:
    def lines(count: int) -> None:
        for number in range(count):
            watch.now += 1.0 / count
            recorder.progress("it", PullSnapshot(number, 1000))

    with django_assert_num_queries(2) as queries:  # type: ignore[operator]
        lines(100)

    assert all(query["sql"].startswith("UPDATE") for query in queries)


def test_the_last_word_of_a_pull_is_always_written(recorder: RowRecorder, watch: Watch) -> None:
    recorder.progress("it", PullSnapshot(1, 1000))
    recorder.progress("it", PullSnapshot(1000, 1000))

    assert ContainerResult.objects.get().pull_percent == 100


def test_a_step_is_on_the_row_and_in_the_story(recorder: RowRecorder) -> None:
    recorder.step("it", Step.CREATE, "Creating it")

    assert ContainerResult.objects.get().step == "create"
    event = RunEvent.objects.last()
    assert event
    assert (event.container, event.step, event.message) == ("web", "create", "Creating it")


def test_a_result_closes_the_planned_row_and_settles_the_inventory(recorder: RowRecorder) -> None:
    recorder.result(
        Result("it", "web", WEB.image, State.UPDATED, new_id="new", new_digest="sha256:2")
    )

    row = ContainerResult.objects.get()
    assert (row.state, row.step, row.new_id) == ("updated", "done", "new")
    container = Container.objects.get()
    assert container.status == Container.Status.UP_TO_DATE
    assert container.local_digest == container.remote_digest == "sha256:2"
    assert container.updated_at is not None


def test_a_roll_back_leaves_the_update_available(recorder: RowRecorder) -> None:
    recorder.result(Result("it", "web", WEB.image, State.ROLLED_BACK, "It did not pass."))

    container = Container.objects.get()
    assert container.status == Container.Status.UPDATE_AVAILABLE
    assert container.updated_at is None


def test_a_run_that_was_ended_may_not_go_on(recorder: RowRecorder) -> None:
    recorder.may_go_on()
    HostRun.objects.end(recorder.host_run.pk, RunState.INTERRUPTED)

    with pytest.raises(Interrupted):
        recorder.may_go_on()
