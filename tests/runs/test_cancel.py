"""A run that is cancelled: what waits ends at once, what is at work between two containers."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.fakes.engine_server import EngineServer
from tests.runs.rows import host_run, listed
from updates.engine.pull import PullSnapshot
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.session import Cancelled, Kind, Params, Result, State
from updates.models import ContainerResult, Host, HostRun, RunEvent, UpdateRun
from updates.models.run import RunState
from updates.runs.execute import close_host_run
from updates.runs.report import has_trouble
from updates.runs.stoppable import StoppableRecorder
from updates.tasks import run_host
from updates.triggers import cancel_run, trigger_run

pytestmark = pytest.mark.django_db
DB, WEB, LONE = listed("db", "db"), listed("web", "web"), listed("lone", "lone")


class Wrist:
    """A watch that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Wrist:
    return Wrist()


@pytest.fixture
def recorder(host: Host, watch: Wrist) -> StoppableRecorder:
    """Of a plan that restarts `web` since `db` is updated, and has a third on its own."""
    recorder = StoppableRecorder(host_run(host), monotonic=watch)
    actions = (
        Action(DB, ActionKind.UPDATE, "Newer."),
        Action(WEB, ActionKind.RESTART, "db is recreated.", leaders=frozenset({"db"})),
        Action(LONE, ActionKind.UPDATE, "Newer."),
    )
    recorder.planned(Plan(actions))
    return recorder


def ended(container_id: str, state: State) -> Result:
    return Result(container_id, container_id, "ghcr.io/a/b:1", state)


def test_what_waits_ends_at_once_and_its_task_does_nothing(host: Host, operator: User) -> None:
    with EngineServer() as engine:
        Host.objects.update(url=engine.url)
        run = trigger_run(
            [host], Params(kind=Kind.UPDATE), source=UpdateRun.Trigger.PAGE, user=operator
        )
        assert cancel_run(run, operator)
        part = run.host_runs.get()
        run_host.call(part.pk)
        assert not engine.seen
    part.refresh_from_db()
    assert (part.state, part.error) == ("cancelled", "Cancelled by operator.")
    assert (run.state, run.cancelled_by, run.started_at) == ("cancelled", operator, None)
    assert run.finished_at
    assert has_trouble(run)


def test_one_that_a_worker_takes_at_this_moment_ends_before_its_engine_is_asked(
    host: Host,
) -> None:
    part = host_run(host, state="queued")
    UpdateRun.objects.cancel(part.run_id, None)
    with EngineServer() as engine:
        Host.objects.update(url=engine.url)
        run_host.call(part.pk)
        assert not engine.seen
    part.refresh_from_db()
    assert (part.state, part.error) == ("cancelled", "Cancelled.")
    assert UpdateRun.objects.get().state == "cancelled"


def test_of_two_hosts_the_one_that_waits_ends_and_the_other_is_asked_to(
    recorder: StoppableRecorder, operator: User
) -> None:
    run = recorder.host_run.run
    other = Host.objects.create(name="other", url="unix:///other.sock")
    waiting = HostRun.objects.create(run=run, host=other)

    assert cancel_run(run, operator)

    waiting.refresh_from_db()
    assert (waiting.state, run.is_ending) == ("cancelled", True)
    said = RunEvent.objects.get(message__startswith="Cancelled by operator.")
    assert said.host_run == recorder.host_run
    with pytest.raises(Cancelled) as caught:
        recorder.may_go_on()
    close_host_run(recorder.host_run, RunState.CANCELLED, str(caught.value))
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_what_was_done_stays_and_what_was_not_begun_says_who_cancelled_it(
    recorder: StoppableRecorder, operator: User
) -> None:
    recorder.result(ended("db", State.FAILED))
    cancel_run(recorder.host_run.run, operator)
    close_host_run(recorder.host_run, RunState.CANCELLED, "Cancelled by operator.")

    found = ContainerResult.objects.values_list("name", "state", "reason")
    why = "Cancelled by operator before its turn."
    assert set(found) == {("db", "failed", ""), ("web", "skipped", why), ("lone", "skipped", why)}


def test_a_run_over_or_cancelled_before_is_not_cancelled(
    recorder: StoppableRecorder, operator: User
) -> None:
    run = recorder.host_run.run
    assert cancel_run(run, None)
    assert not cancel_run(run, operator)
    assert run.cancelled_by is None
    close_host_run(recorder.host_run, RunState.CANCELLED, "Cancelled.")
    assert not cancel_run(run, operator)


def test_a_run_that_ended_well_while_it_was_cancelled_is_cancelled_and_its_part_is_not(
    recorder: StoppableRecorder,
) -> None:
    run = recorder.host_run.run
    cancel_run(run, None)
    close_host_run(recorder.host_run, RunState.FINISHED, "")
    run.refresh_from_db()
    recorder.host_run.refresh_from_db()
    assert (run.state, recorder.host_run.state) == ("cancelled", "finished")
    assert not has_trouble(run)


def test_what_follows_a_container_that_came_back_is_done_first(
    recorder: StoppableRecorder,
) -> None:
    cancel_run(recorder.host_run.run, None)
    recorder.result(ended("db", State.UPDATED))
    recorder.may_go_on()
    recorder.result(ended("web", State.RESTARTED))
    with pytest.raises(Cancelled):
        recorder.may_go_on()


def test_a_pull_looks_at_most_once_a_second(recorder: StoppableRecorder, watch: Wrist) -> None:
    recorder.progress("db", PullSnapshot(1, 9))
    cancel_run(recorder.host_run.run, None)
    for _ in range(20):
        watch.now += 0.04
        with CaptureQueriesContext(
            connection,
        ) as captured:
            recorder.progress("db", PullSnapshot(1, 9))
        assert not any("cancelled_at" in one["sql"] for one in captured)
    watch.now += 0.3
    with pytest.raises(Cancelled):
        recorder.progress("db", PullSnapshot(2, 9))
