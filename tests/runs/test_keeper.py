"""A lease lasts as long as its filler lives, and not much longer."""

import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from updates.models import RemoteDigest
from updates.runs.keeper import LEASE, Keeper

pytestmark = pytest.mark.django_db(transaction=True)


def claimed(by: str) -> RemoteDigest:
    row = RemoteDigest.objects.create(reference="ghcr.io/a/b:1")
    RemoteDigest.claim_filling(row.pk, by=by, lease=LEASE)
    return row


def keepers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "keeper"]


def wait_for_no_keeper() -> None:
    for thread in keepers():
        thread.join(2 * LEASE.total_seconds())
    assert not keepers()


def test_the_lease_of_work_that_takes_long_is_renewed() -> None:
    row = claimed("me")
    keeper = Keeper()

    with keeper.keeping(row, by="me"):
        time.sleep(LEASE.total_seconds() + 0.5)
        assert not RemoteDigest.claim_filling(row.pk, by="other", lease=LEASE)

    wait_for_no_keeper()


def test_what_another_one_took_over_is_not_renewed() -> None:
    row = claimed("other")
    end = timezone.now() + timedelta(seconds=1)
    RemoteDigest.objects.update(filling_until=end)

    with Keeper().keeping(row, by="me"):
        time.sleep(LEASE.total_seconds() / 3 + 0.3)

    assert RemoteDigest.objects.get().filling_until == end
    wait_for_no_keeper()
