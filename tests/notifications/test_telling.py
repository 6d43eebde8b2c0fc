"""A change is told once; nothing is told again at each scan."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fakes.http_sink import HttpSink
from tests.notifications import news
from tests.views import rows
from updates.models import (
    Channel,
    ContainerResult,
    Delivery,
    Host,
    HostRun,
    Notice,
    Registry,
    Replacement,
    Told,
)
from updates.models.run import RunState
from updates.notifications.outbox import deliver, gather
from updates.notifications.telling import tell, tell_late, tell_run

pytestmark = pytest.mark.django_db


def events(run: object) -> list[str]:
    """The kinds of news of a run, told now."""
    before = set(Notice.objects.values_list("pk", flat=True))
    tell_run(run.pk)  # type: ignore[attr-defined]
    return [one.event for one in Notice.objects.exclude(pk__in=before)]


def test_an_available_update_is_told_once_per_digest(host: Host) -> None:
    news.channel()
    assert events(news.scan(host, web="stale")) == ["update_available"]
    assert events(news.scan(host, web="stale", db="fresh")) == []
    newer = news.scan(host, web="stale")
    ContainerResult.objects.filter(host_run__run=newer).update(new_digest="sha256:newer")
    assert events(newer) == ["update_available"]


def test_a_task_that_comes_twice_tells_once(host: Host) -> None:
    news.channel()
    run = news.update(host, web="updated")
    assert events(run) == ["updated"]
    assert events(run) == []
    assert tell(run.host_runs.get().pk) == 0


def test_a_failure_is_told_again_after_it_was_well(host: Host) -> None:
    news.channel()
    assert events(news.update(host, web="failed")) == ["failed"]
    assert events(news.update(host, web="failed")) == []
    assert events(news.scan(host, web="stale")) == ["update_available"]
    assert events(news.update(host, web="failed")) == []
    assert events(news.update(host, web="rolled_back")) == ["rolled_back"]
    assert events(news.update(host, web="updated")) == ["updated"]
    assert events(news.update(host, web="failed")) == ["failed"]


def test_each_update_is_told_and_no_digest_afterwards(host: Host) -> None:
    news.channel()
    assert events(news.update(host, web="updated")) == ["updated"]
    assert events(news.update(host, web="updated")) == ["updated"]
    assert events(news.scan(host, web="fresh")) == []


def test_a_skip_is_told_once_though_its_numbers_differ(host: Host) -> None:
    news.channel(events=["skipped"])
    for seconds, expected in ((12, ["skipped"]), (40, []), (7, [])):
        run = news.scan(host, web="skipped")
        ContainerResult.objects.filter(host_run__run=run).update(
            reason=f"It answers again in {seconds} s."
        )
        assert events(run) == expected


def away(host: Host, error: str = "No answer within 30 s.") -> object:
    run = rows.run(host, RunState.FAILED)
    run.host_runs.update(error=error)
    host.mark_failed(error)
    return run


def test_a_host_is_told_away_once_and_back_once(host: Host) -> None:
    news.channel()
    assert events(news.scan(host)) == []
    assert events(away(host)) == ["host_away"]
    assert events(away(host, "No answer within 31 s.")) == []
    assert events(news.scan(host)) == ["host_back"]
    assert events(news.scan(host)) == []


def test_a_run_that_was_broken_off_is_told(host: Host) -> None:
    news.channel()
    run = rows.run(host, RunState.INTERRUPTED)
    run.host_runs.update(error="The worker was stopped.")
    assert events(run) == ["run_failed"]


def test_a_run_that_somebody_cancelled_is_not_told_as_broken_off(host: Host) -> None:
    news.channel()
    run = rows.run(host, RunState.CANCELLED)
    run.host_runs.update(error="Cancelled by ann.")
    rows.result(run, "web")
    assert events(run) == ["updated"]


def test_a_registry_that_fails_is_told_and_that_it_is_back(host: Host) -> None:
    news.channel()
    now = timezone.now()
    rows.registry("ghcr.io", failed_at=now, last_error="It is down.")
    assert events(news.scan(host)) == ["registry_failing"]
    assert events(news.scan(host)) == []
    Registry.objects.update(answered_at=now + timedelta(seconds=1))
    assert events(news.scan(host)) == ["registry_back"]
    assert events(news.scan(host)) == []


def test_what_recovery_brought_about_is_told(host: Host) -> None:
    news.channel()
    broken = rows.run(host, RunState.INTERRUPTED)
    rows.result(broken, "web", "skipped")
    tell_run(broken.pk)
    later = news.scan(host)
    row = ContainerResult.objects.get(name="web")
    ContainerResult.objects.update(state="rolled_back", reason="Its worker died.")
    Replacement.objects.create(
        host_run=broken.host_runs.get(),
        name="web",
        old_id=row.container_id,
        step="swap",
        closed_at=later.host_runs.get().started_at,
    )
    assert events(later) == ["rolled_back"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, ["updated", "failed", "update_available"]),
        ({"min_severity": 3}, ["failed"]),
        ({"events": ["updated"]}, ["updated"]),
        ({"containers": "db, cache*"}, ["failed", "update_available"]),
        ({"containers": "nothing"}, []),
    ],
)
def test_rules_choose(host: Host, rule: dict[str, Any], expected: list[str]) -> None:
    news.channel(**rule)
    run = news.update(host, web="updated", db="failed", cache1="stale")
    assert sorted(events(run)) == sorted(expected)


def test_a_channel_for_other_hosts_hears_nothing(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    news.channel().hosts.add(other)
    assert events(news.update(host, web="updated")) == []
    assert events(news.update(other, web="updated")) == ["updated"]


def test_good_news_is_for_whoever_hears_of_the_trouble(host: Host) -> None:
    news.channel(min_severity=3)
    assert events(away(host)) == ["host_away"]
    assert events(news.scan(host)) == ["host_back"]


def test_a_new_channel_hears_what_waits_and_nothing_of_old_runs(host: Host) -> None:
    old = news.update(host, web="updated")
    news.channel(created_at=timezone.now())
    assert events(old) == []
    assert events(news.scan(host, db="stale")) == ["update_available"]


def test_one_message_per_run_whatever_the_number_of_containers(host: Host, sink: HttpSink) -> None:
    news.channel(f"json://{sink.address}/x")
    run = news.scan(host, **{f"app{number}": "stale" for number in range(30)})
    other = Host.objects.create(name="other", url="unix:///x.sock")
    HostRun.objects.create(run=run, host=other, state="finished", finished_at=timezone.now())
    assert len(news.told(run)) == 1
    assert len(sink.requests) == 1


def test_a_digest_waits_and_is_one_message(host: Host, sink: HttpSink) -> None:
    news.channel(f"json://{sink.address}/x", digest_minutes=60)
    assert news.told(news.update(host, web="updated")) == []
    assert news.told(news.update(host, db="updated")) == []
    later = timezone.now() + timedelta(minutes=61)
    [pk] = gather(later)
    deliver(pk)
    assert Delivery.objects.get().kind == "digest"
    assert sink.requests[0].document["title"] == "Watchweb: 2 updated"
    assert gather(later) == []


def test_quiet_hours_hold_messages_back_until_they_end(host: Host) -> None:
    channel = news.channel(quiet_from=time(22), quiet_until=time(7), zone="Europe/Rome")
    day = timezone.now().replace(hour=12, minute=0)
    noon, night = day, day.replace(hour=23)
    assert not channel.is_quiet(noon)
    assert channel.is_quiet(night)
    assert channel.is_quiet(day.replace(hour=21, minute=30)), "22:30 or 23:30 in Rome"
    tell_run(news.update(host, web="updated").pk)
    assert gather(night + timedelta(days=1)) == []
    assert len(gather(noon + timedelta(days=1))) == 1


def test_what_was_not_told_in_time_is_told_later(host: Host) -> None:
    news.channel()
    run = news.update(host, web="updated")
    tell_late(timezone.now() + timedelta(minutes=5))
    assert Notice.objects.count() == 0
    tell_late(timezone.now() + timedelta(minutes=11))
    assert Notice.objects.count() == 1
    assert events(run) == []


def test_a_broken_channel_keeps_nothing_from_the_others(host: Host, sink: HttpSink) -> None:
    news.channel("nonsense://x")
    news.channel(f"json://{sink.address}/x", template="{% nope %}", preset=Channel.Preset.OWN)
    broken, good = news.told(news.update(host, web="updated"))
    assert (broken.state, broken.error) == (
        "failed",
        "This is no URL of a service that Apprise knows, or a part is missing.",
    )
    assert good.state == "sent"
    assert good.error.startswith("The channel's template cannot be used: Line 1: ")
    assert "nas/web" in sink.requests[0].document["message"]


def test_memories_of_a_host_go_with_it(host: Host) -> None:
    news.channel()
    tell_run(news.scan(host, web="stale").pk)
    assert Told.objects.exists()
    host.delete()
    assert not Told.objects.exists()
