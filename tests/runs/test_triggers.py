"""A run, its host runs and its tasks are written together, or not at all."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django_q.models import OrmQ

from updates.flow.session import Kind, Params
from updates.models import Host, HostRun, UpdateRun
from updates.tasks import beat
from updates.triggers import NothingToDo, trigger_run

PARAMS = Params(kind=Kind.UPDATE, names=("web",), switches={"cleanup": True})
PAGE = UpdateRun.Trigger.PAGE


@pytest.fixture
def hosts(host: Host) -> list[Host]:
    other = Host.objects.create(name="other", url="unix:///other.sock", queue="cellar")
    off = Host.objects.create(name="off", url="unix:///off.sock", enabled=False)
    return [host, other, off]


def test_a_run_has_a_host_run_and_a_task_for_each_enabled_host(
    hosts: list[Host], operator: User
) -> None:
    run = trigger_run(hosts, PARAMS, source=PAGE, user=operator)

    parts = {part.host.name: part for part in run.host_runs.all()}
    assert set(parts) == {"nas", "other"}
    queued = {row.key: row.task["args"] for row in OrmQ.objects.all()}
    assert set(queued) == {"watchweb", "cellar"}, "a host's queue is the name of its cluster"
    assert queued["cellar"] == ("updates.tasks.run_host", parts["other"].pk)
    run.refresh_from_db()
    assert (run.kind, run.user, run.state) == ("update", operator, "queued")
    assert run.parameters() == PARAMS


def test_rows_and_tasks_roll_back_together(hosts: list[Host]) -> None:
    with transaction.atomic():
        trigger_run(hosts, PARAMS, source=PAGE)
        assert OrmQ.objects.count() == 2
        transaction.set_rollback(True)

    assert not UpdateRun.objects.exists()
    assert not HostRun.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_breaks_in_the_middle_leaves_nothing_behind(hosts: list[Host]) -> None:
    with pytest.raises(DatabaseError):  # A host is in a run once.
        trigger_run([hosts[0], hosts[0]], PARAMS, source=PAGE)

    assert not UpdateRun.objects.exists()
    assert not OrmQ.objects.exists()


def test_without_an_enabled_host_there_is_nothing_to_do(hosts: list[Host]) -> None:
    with pytest.raises(NothingToDo, match="no enabled host"):
        trigger_run([hosts[2]], PARAMS, source=PAGE)

    assert not UpdateRun.objects.exists()


def test_a_run_in_the_foreground_queues_nothing(hosts: list[Host]) -> None:
    run = trigger_run(hosts, PARAMS, source=PAGE, in_background=False)

    assert run.host_runs.count() == 2
    assert not OrmQ.objects.exists()


def test_a_task_takes_no_object(host: Host) -> None:
    with pytest.raises(TypeError):
        beat.enqueue(host)  # type: ignore[arg-type]

    assert not OrmQ.objects.exists(), "it is refused before it is queued"
