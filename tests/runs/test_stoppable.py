"""A host run ends only where nothing is half done and nothing is owed; its rest waits."""

from collections.abc import Iterator

import pytest
from django_q.models import OrmQ

from tests.runs.rows import host_run, listed
from updates.engine.pull import PullSnapshot
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.session import Result, State
from updates.models import ContainerResult, Host, HostRun, RunEvent
from updates.runs.stoppable import (
    HANDED_BACK,
    StoppableRecorder,
    ToldToStop,
    done_before,
    hand_back,
)
from updates.tasks import enqueue_host_run, run_host
from watchweb import stopping

pytestmark = pytest.mark.django_db
DB, WEB, LONE = listed("db", "db"), listed("web", "web"), listed("lone", "lone")


@pytest.fixture
def told() -> Iterator[None]:
    stopping.tell()
    yield
    stopping.forget()


@pytest.fixture
def recorder(host: Host) -> StoppableRecorder:
    """Of a plan that restarts `web` since `db` is updated, and has a third on its own."""
    recorder = StoppableRecorder(host_run(host))
    actions = (
        Action(DB, ActionKind.UPDATE, "Newer."),
        Action(WEB, ActionKind.RESTART, "db is recreated.", leaders=frozenset({"db"})),
        Action(LONE, ActionKind.UPDATE, "Newer."),
    )
    recorder.planned(Plan(actions))
    return recorder


def ended(container_id: str, state: State, new_id: str = "") -> Result:
    return Result(container_id, container_id, "ghcr.io/a/b:1", state, new_id=new_id)


def test_nothing_stops_while_nobody_says_so(recorder: StoppableRecorder) -> None:
    recorder.may_go_on()
    recorder.progress("db", PullSnapshot(1, 2))


@pytest.mark.usefixtures("told")
def test_it_stops_before_the_first_container_and_within_a_pull(
    recorder: StoppableRecorder,
) -> None:
    with pytest.raises(ToldToStop):
        recorder.progress("db", PullSnapshot(1, 2))
    with pytest.raises(ToldToStop):
        recorder.may_go_on()


@pytest.mark.usefixtures("told")
def test_what_follows_a_container_that_came_back_is_not_left_behind(
    recorder: StoppableRecorder,
) -> None:
    recorder.result(ended("db", State.UPDATED, "db-2"))
    recorder.may_go_on()

    recorder.result(ended("web", State.RESTARTED, "web-2"))

    with pytest.raises(ToldToStop):
        recorder.may_go_on()


@pytest.mark.usefixtures("told")
def test_nothing_follows_a_container_that_was_rolled_back(recorder: StoppableRecorder) -> None:
    recorder.result(ended("db", State.ROLLED_BACK))

    with pytest.raises(ToldToStop):
        recorder.may_go_on()


def test_a_host_run_that_is_handed_back_keeps_what_was_done(recorder: StoppableRecorder) -> None:
    part = recorder.host_run
    recorder.results([ended("old", State.FRESH), ended("local", State.SKIPPED)])
    recorder.result(ended("db", State.UPDATED, "db-2"))
    recorder.result(ended("web", State.FAILED))

    hand_back(part, enqueue_host_run)

    part.refresh_from_db()
    assert (part.state, part.lease_until) == ("queued", None)
    assert set(ContainerResult.objects.values_list("name", flat=True)) == {"db", "web"}
    assert done_before(part) == {"db", "db-2", "web"}
    assert OrmQ.objects.get().task["args"] == ("updates.tasks.run_host", part.pk)
    assert RunEvent.objects.latest("pk").message == HANDED_BACK


def test_a_host_run_that_was_taken_away_is_not_handed_back(recorder: StoppableRecorder) -> None:
    HostRun.objects.update(state="interrupted")

    hand_back(recorder.host_run, enqueue_host_run)

    assert HostRun.objects.get().state == "interrupted"
    assert not OrmQ.objects.exists()
    assert ContainerResult.objects.count() == 3


def test_a_plan_that_names_a_container_done_before_keeps_its_result(
    recorder: StoppableRecorder,
) -> None:
    recorder.result(ended("web", State.ROLLED_BACK))
    hand_back(recorder.host_run, enqueue_host_run)

    recorder.planned(Plan((Action(WEB, ActionKind.RESTART, "db is recreated."),)))

    assert ContainerResult.objects.get().state == "rolled_back"


@pytest.mark.usefixtures("told")
def test_a_task_that_reaches_a_stopping_worker_goes_back(host: Host) -> None:
    part = host_run(host, state="queued")

    run_host.call(part.pk)

    part.refresh_from_db()
    assert (part.state, part.started_at) == ("queued", None)
    assert OrmQ.objects.get().task["args"] == ("updates.tasks.run_host", part.pk)
