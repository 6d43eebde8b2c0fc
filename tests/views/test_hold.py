"""Holding a container, and skipping an image of it: said first, done then."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client

from tests.views import rows
from updates.models import Container, Hold, Host


@pytest.fixture
def web(host: Host) -> Container:
    return rows.container(
        host,
        "web",
        status="update_available",
        remote_digest=rows.NEW_DIGEST,
        local_digest=rows.DIGEST,
    )


def address(row: Container, what: str) -> str:
    return f"/hosts/{row.host_id}/containers/{row.name}/{what}/"


def test_a_hold_is_said_first_and_kept_with_who_and_why(
    signed_in: Client, operator: User, web: Container
) -> None:
    page = rows.text(signed_in, address(web, "hold"))
    assert "Hold web on its image?" in page
    assert "1f1f1f1f1f1f" in page
    assert not Hold.objects.exists()
    answer = signed_in.post(address(web, "hold"), {"reason": "Wait for the fix"})
    assert answer.headers["Location"] == f"/hosts/{web.host_id}/containers/web/"
    hold = Hold.objects.get()
    assert (hold.digest, hold.reason, hold.user) == ("", "Wait for the fix", operator)
    page = rows.text(signed_in, f"/hosts/{web.host_id}/containers/web/")
    assert "It is held. Wait for the fix. By operator." in page


def test_an_image_is_skipped_and_the_next_one_is_not(
    signed_in: Client, operator: User, web: Container
) -> None:
    assert "2e2e2e2e2e2e" in rows.text(signed_in, address(web, "skip"))
    signed_in.post(address(web, "skip"), {"reason": ""})
    block = Hold.objects.get()
    assert (block.digest, block.user) == (rows.NEW_DIGEST, operator)
    assert block.reason == "No reason was given."


def test_without_an_update_there_is_nothing_to_skip(signed_in: Client, web: Container) -> None:
    Container.objects.update(status="up_to_date")
    answer = signed_in.post(address(web, "skip"))
    assert "no update" in " ".join(map(str, get_messages(answer.wsgi_request)))
    assert not Hold.objects.exists()


def test_a_reason_without_end_is_refused(signed_in: Client, web: Container) -> None:
    answer = signed_in.post(address(web, "hold"), {"reason": "x" * 1001})
    assert answer.status_code == 200
    assert not Hold.objects.exists()


def test_who_may_only_look_holds_nothing(clerk: Callable[..., Client], web: Container) -> None:
    for what in ("hold", "skip"):
        assert clerk().get(address(web, what)).status_code == 403
        assert clerk().post(address(web, what)).status_code == 403
    assert not Hold.objects.exists()
