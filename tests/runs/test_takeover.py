"""A row of the journal that was taken over, and results that only the journal knows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.runs.rows import host_run, listed
from updates.flow.session import Interrupted, Step
from updates.models import ContainerResult, Host, HostRun, Replacement
from updates.models.run import RunState
from updates.runs import recovery, unfinished
from updates.runs.execute import close_host_run
from updates.runs.journal import TAKEN_BY, RowJournal, RowPage
from updates.runs.unfinished import hosts_in_need, is_due, is_left_for

pytestmark = pytest.mark.django_db


def page(part: HostRun) -> RowPage:
    ContainerResult.objects.create(host_run=part, container_id="o", name="web", image="a")
    return RowJournal(part).open(listed("web", "o"), {"Id": "o", "Image": "sha256:old"})


@pytest.mark.parametrize("step", [Step.HOLD, Step.RELEASE])
def test_a_slow_worker_is_refused_once_its_row_was_taken_over(host: Host, step: Step) -> None:
    mine = page(host_run(host))
    Replacement.objects.update(facts={TAKEN_BY: 7})
    for write in (mine.before, mine.after):
        with pytest.raises(Interrupted, match="took over"):
            write(step)
    with pytest.raises(Interrupted, match="took over"):
        mine.close("updated")
    row = Replacement.objects.get()
    assert (row.step, row.closed_at, row.facts) == ("snapshot", None, {TAKEN_BY: 7})


def test_what_the_journal_brought_to_its_end_has_a_result_though_its_worker_died(
    host: Host,
) -> None:
    part = host_run(host)
    mine = page(part)
    mine.plan({}, "sha256:new")
    mine.before(Step.CREATE)
    mine.after(Step.CREATE, new_id="n")
    mine.close("updated")
    HostRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    recovery.close_lapsed()
    result = ContainerResult.objects.get()
    found = (result.state, result.new_id, result.new_image_id)
    assert found == ("updated", "n", "sha256:new")


def test_a_row_is_nobodys_once_its_worker_ended_or_its_lease_ran_out(host: Host) -> None:
    part, mine = host_run(host), host_run(host, state="failed")
    page(part)
    later, earlier = (timezone.now() + timedelta(seconds=one) for one in (60, -60))
    for state, lease, is_left in [
        ("running", later, False),
        ("running", earlier, False),  # Until somebody has closed it.
        ("interrupted", later, True),  # What depends on what it replaced may be cut off.
        ("failed", later, True),
    ]:
        HostRun.objects.filter(pk=part.pk).update(state=state, lease_until=lease)
        assert is_left_for(mine) is is_left, (state, lease)
        assert hosts_in_need().exists() is is_left
    HostRun.objects.filter(pk=part.pk).update(state="interrupted", lease_until=later)
    assert not unfinished._left_on(host.pk).exists(), "its worker may be at it"


def test_what_could_not_be_put_right_is_tried_less_and_less_often(host: Host) -> None:
    part = host_run(host, state="failed")
    page(part)
    assert is_due(host.pk)
    now = timezone.now()
    facts = {TAKEN_BY: 7}
    for opened, changed, due in [(20, 5, False), (9, 5, True), (500, 70, True), (500, 50, False)]:
        minutes = {"opened_at": opened, "changed_at": changed}
        times = {name: now - timedelta(minutes=ago) for name, ago in minutes.items()}
        Replacement.objects.update(facts=facts, **times)
        assert is_due(host.pk) is due, (opened, changed)


def test_an_engine_that_is_away_gets_no_run_until_it_is_back(host: Host) -> None:
    part = host_run(host)
    page(part)
    close_host_run(part, RunState.FAILED, "Its engine died.")
    assert recovery.begin() == []
    assert HostRun.objects.count() == 1
