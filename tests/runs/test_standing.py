"""What the rows say of a container: what is in its way, when it is looked at next."""

from datetime import time, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.flow.blockers import BlockerKind
from updates.models import Container, Hold, Host, Policy, Schedule
from updates.models.run import RunState
from updates.runs.standing import Standing, standing_of

K = BlockerKind
SOON = timezone.now() + timedelta(hours=1)


@pytest.fixture
def web(host: Host) -> Container:
    return rows.container(host, "web", status="update_available", remote_digest=rows.NEW_DIGEST)


def standing(row: Container) -> Standing:
    fresh = Container.objects.select_related("host").get(pk=row.pk)
    return standing_of(fresh, list(Hold.objects.of(row.host_id, row.name).select_related("user")))


def kinds(row: Container) -> list[BlockerKind]:
    return [one.kind for one in standing(row).blockers]


def plan(name: str = "nightly", **facts: object) -> Schedule:
    defaults = {"when": "@daily", "next_at": SOON}
    return Schedule.objects.create(name=name, **defaults | facts)


def test_the_rows_of_everything_in_the_way_are_read(web: Container) -> None:
    rows.registry(paused_until=SOON, pause_reason="It allows no more.")
    Host.objects.update(last_error="No route.")
    Policy.objects.create(host=web.host, values={"monitor_only": True})
    user = User.objects.create_user("anna")
    Hold.objects.create(host=web.host, container="web", reason="Wait for the fix.", user=user)
    Container.objects.update(held_until=SOON)
    rows.run(web.host, RunState.RUNNING)
    found = standing(web)
    assert [one.kind for one in found.blockers] == [
        *(K.HOST_AWAY, K.BUSY, K.RATE_LIMIT),
        *(K.MONITOR_ONLY, K.HELD, K.COOLDOWN, K.NO_SCHEDULE),
    ]
    assert "Wait for the fix. By anna." in found.blockers[4].sentence
    assert found.busy_with is not None


def test_the_last_error_about_this_very_image_counts(web: Container) -> None:
    rows.registry()
    rows.answer(web.image, error="It asks for a login.", error_kind="AuthError")
    rows.answer("registry.example.com/other:1", error="Gone.", error_kind="NotFound")
    Container.objects.update(status="unknown", status_reason="It asks for a login.")
    assert kinds(web) == [K.CREDENTIALS]


@pytest.mark.parametrize(
    ("names", "stack", "is_for"),
    [
        ("", "", True),
        ("web", "", True),
        ("w*", "", True),
        ("nas/web", "", True),
        ("other/web", "", False),
        ("db", "", False),
        ("", "shop", True),
        ("", "other", False),
        ("db", "shop", True),
        ("web", "other", True),
    ],
)
def test_a_schedule_counts_for_those_that_it_is_for(
    names: str, stack: str, is_for: bool, web: Container
) -> None:
    Container.objects.update(stack="shop")
    plan(names=names, stack=stack)
    found = standing(web)
    assert (K.NO_SCHEDULE not in [one.kind for one in found.blockers]) is is_for
    assert (found.next_check_at == SOON) is is_for


def test_a_schedule_of_other_hosts_does_not_count(web: Container) -> None:
    row = plan()
    row.hosts.add(Host.objects.create(name="other", url="unix:///x.sock"))
    assert kinds(web) == [K.NO_SCHEDULE]
    row.hosts.add(web.host)
    assert kinds(web) == []


def test_while_all_schedules_are_paused_nothing_comes(web: Container) -> None:
    plan()
    Schedule.objects.pause()
    found = standing(web)
    assert [one.kind for one in found.blockers] == [K.PAUSED]
    assert found.next_check_at is None


def test_a_closed_window_names_its_opening(web: Container) -> None:
    now = timezone.now()
    begins = (now + timedelta(hours=2)).time().replace(second=0, microsecond=0)
    ends = (now + timedelta(hours=3)).time().replace(second=0, microsecond=0)
    plan(zone="UTC", window_begins=begins, window_ends=ends)
    (found,) = standing(web).blockers
    assert found.kind is K.WINDOW
    assert found.until is not None
    assert found.until - now < timedelta(hours=2, seconds=1)
    Schedule.objects.update(window_begins=time(), window_ends=time())
    assert kinds(web) == []


def test_a_schedule_that_cannot_be_read_updates_nothing(web: Container) -> None:
    plan()
    Schedule.objects.update(when="never")
    assert kinds(web) == [K.NO_SCHEDULE]


def test_it_takes_four_statements_with_many_rows_too(web: Container) -> None:
    fresh = Container.objects.select_related("host").get(pk=web.pk)
    for number in range(10):
        plan(f"plan-{number}").hosts.add(web.host)
        rows.registry(f"r{number}.example.com")
    with CaptureQueriesContext(connection) as captured:
        standing_of(fresh, [])
    assert len(captured) == 4
    assert not any("password" in one["sql"] for one in captured)
