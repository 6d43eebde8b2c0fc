"""Several at the same moment: one row, one run, and no delivery more than a minute's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from tests.pushes.hooks import LATER, SECRET, waiting, webhook
from tests.views import rows
from tests.webhooks.bodies import arrival
from updates.models import Host, UpdateRun, Webhook, WebhookDelivery
from updates.models.run import RunState
from updates.models.webhook import MAX_PER_TURN
from updates.pushes.join import trigger_waiting
from updates.pushes.receive import receive
from updates.triggers import cancel_run

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once[T](work: Callable[[int], T]) -> list[T]:
    """What each of them comes to."""
    gate = Barrier(AT_ONCE)

    def one(number: int) -> T:
        try:
            gate.wait(10)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_clocks_that_look_at_once_start_one_run(host: Host) -> None:
    rows.container(host, "web", image="ghcr.io/shop/app:1")
    hook = webhook()
    for _ in range(3):
        waiting(hook, "ghcr.io/shop/app:1")
    now = timezone.now() + LATER
    at_once(lambda _: trigger_waiting(now))
    run = UpdateRun.objects.get()
    assert set(WebhookDelivery.objects.values_list("run", "outcome")) == {(run.pk, "started")}


def test_a_body_that_comes_several_times_at_once_is_one_delivery(db: None) -> None:
    hook, now = webhook(), timezone.now()
    told = arrival({"image": "a/b:1"}, authorization=SECRET)
    outcomes = at_once(lambda _: receive(hook, told, now).outcome)
    assert sorted(outcomes) == ["repeated"] * (AT_ONCE - 1) + ["waiting"]
    assert WebhookDelivery.objects.get().repeats == AT_ONCE - 1


def test_the_last_turn_of_a_minute_is_taken_once(db: None) -> None:
    hook, now = webhook(), timezone.now()
    Webhook.objects.update(turn_began_at=now, turns=MAX_PER_TURN - 1)
    told = [arrival({"image": f"a/b:{n}"}, authorization=SECRET) for n in range(AT_ONCE)]
    statuses = at_once(lambda number: receive(hook, told[number], now).status)
    assert sorted(statuses) == [202] + [429] * (AT_ONCE - 1)


def test_a_run_is_cancelled_once(host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    assert sorted(at_once(lambda _: cancel_run(UpdateRun.objects.get(pk=run.pk), None))) == [
        *[False] * (AT_ONCE - 1),
        True,
    ]
