"""Cancelling a run from its page: who may, and what the page says then."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Host, UpdateRun
from updates.models.run import RunState


@pytest.fixture
def run(host: Host) -> UpdateRun:
    """An open run that a worker is at."""
    return rows.run(host, RunState.RUNNING)


def pressed(client: Client, run: UpdateRun) -> str:
    """What the button leads to says last, above the run."""
    answer = client.post(f"/runs/{run.pk}/cancel/")
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    return said[-1] if said else ""


def button(run: UpdateRun) -> str:
    return f'action="/runs/{run.pk}/cancel/"'


def test_a_run_at_work_shows_that_it_is_being_cancelled_and_by_whom(
    signed_in: Client, run: UpdateRun
) -> None:
    live = f"/runs/{run.pk}/live/"
    assert button(run) in rows.text(signed_in, live)
    assert pressed(signed_in, run) == ""
    page = rows.text(signed_in, live)
    assert "Cancelling…" in page
    assert "Cancelled by operator. What is at hand is finished first" in page
    assert button(run) not in page
    assert "every 1s" in page, "it moves on until the run is over"


def test_a_run_that_waits_is_cancelled_at_once(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.QUEUED)
    pressed(signed_in, run)
    page = rows.text(signed_in, f"/runs/{run.pk}/")
    assert '<span class="badge quiet">Cancelled</span>' in page
    assert "every 1s" not in page
    assert signed_in.get(f"/runs/{run.pk}.json").json()["state"] == "cancelled"


def test_a_second_press_and_one_that_is_too_late_say_so(signed_in: Client, run: UpdateRun) -> None:
    pressed(signed_in, run)
    assert pressed(signed_in, run) == "It is being cancelled already."
    UpdateRun.objects.finish(run.pk)
    UpdateRun.objects.update(state=RunState.FINISHED, cancelled_at=None)
    assert pressed(signed_in, run) == "It was over already."


@pytest.mark.parametrize("state", [one for one in RunState if one not in ("queued", "running")])
def test_a_run_that_is_over_has_no_button(state: RunState, signed_in: Client, host: Host) -> None:
    run = rows.run(host, state)
    assert button(run) not in rows.text(signed_in, f"/runs/{run.pk}/")


def test_who_may_not_start_runs_may_not_cancel_them(
    clerk: Callable[..., Client], run: UpdateRun
) -> None:
    client = clerk()
    assert button(run) not in rows.text(client, f"/runs/{run.pk}/")
    assert client.post(f"/runs/{run.pk}/cancel/").status_code == 403
    assert UpdateRun.objects.get().cancelled_at is None


def test_looking_at_the_address_cancels_nothing(signed_in: Client, run: UpdateRun) -> None:
    answer = signed_in.get(f"/runs/{run.pk}/cancel/", follow=True)
    assert "Nothing was cancelled yet" in answer.text
    assert UpdateRun.objects.get().cancelled_at is None


def test_the_list_of_runs_says_which_are_being_cancelled(signed_in: Client, run: UpdateRun) -> None:
    UpdateRun.objects.update(cancelled_at=timezone.now())
    assert "Cancelling…" in rows.text(signed_in, "/runs/")
