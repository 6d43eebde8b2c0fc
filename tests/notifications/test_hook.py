"""A run's end puts one task on the queue if anybody listens, and the tick looks after the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from tests.fakes.http_sink import HttpSink
from tests.notifications import news
from tests.runs import rows
from updates.models import Delivery, Host, UpdateRun
from updates.models.run import RunState
from updates.notifications.tasks import look_after, send, tell_of_run
from updates.runs.execute import close_host_run

pytestmark = pytest.mark.django_db


def queued() -> list[tuple[str, tuple[int, ...]]]:
    return [(one.task["args"][0], one.task["args"][1:]) for one in OrmQ.objects.order_by("pk")]


def test_the_end_of_a_run_queues_one_task_with_a_number(host: Host) -> None:
    news.channel(f"json://127.0.0.1:1/{news.SECRET}")
    host_run = rows.host_run(host)
    close_host_run(host_run, RunState.FINISHED, "")
    close_host_run(host_run, RunState.FINISHED, "")
    assert queued() == [("updates.notifications.tasks.tell_of_run", (host_run.run_id,))]


def test_nothing_is_queued_when_nobody_listens(host: Host) -> None:
    news.channel(enabled=False)
    close_host_run(rows.host_run(host), RunState.FINISHED, "")
    assert queued() == []


def test_the_task_queues_the_sending_of_each_message(host: Host, sink: HttpSink) -> None:
    news.channel(f"json://{sink.address}/x")
    run: UpdateRun = news.update(host, web="updated")
    tell_of_run.call(run.pk)
    tell_of_run.call(run.pk)
    delivery = Delivery.objects.get()
    assert queued() == [("updates.notifications.tasks.send", (delivery.pk,))]
    send.call(delivery.pk)
    send.call(delivery.pk)
    assert len(sink.requests) == 1


def test_the_tick_queues_what_is_due_and_forgets_what_is_old(host: Host) -> None:
    channel = news.channel()
    due = Delivery.objects.create(channel=channel)
    later = timezone.now() + timedelta(hours=1)
    Delivery.objects.create(channel=channel, next_try_at=later)
    old = timezone.now() - timedelta(days=91)
    gone = Delivery.objects.create(channel=channel, state="sent", ended_at=old)
    look_after()
    assert queued() == [("updates.notifications.tasks.send", (due.pk,))]
    assert not Delivery.objects.filter(pk=gone.pk).exists()
