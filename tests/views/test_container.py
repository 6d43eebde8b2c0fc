"""A container's page: what keeps it on its image, the images it had, and what was done to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django_q.models import OrmQ
from pytest_django import Settings

from tests.views import rows
from updates.models import Container, Hold, Host, Replacement, UpdateRun

PRESENT, EARLIER = "sha256:" + "e" * 64, "sha256:" + "a" * 64


@pytest.fixture
def web(host: Host) -> Container:
    """It was updated from version 1 to 2."""
    row = rows.container(host, "web", image_id=PRESENT)
    images = {"old_image_id": EARLIER, "new_image_id": PRESENT}
    rows.result(rows.run(host), "web", **images, old_version="1", new_version="2")
    return row


@pytest.fixture
def gone(host: Host) -> str:
    """The page of one that was replaced once, and is not there any more."""
    run = rows.run(host)
    made = rows.result(run, "web", new_image_id=PRESENT, new_version="2")
    snapshot: dict[str, Any] = {
        "Id": made.container_id,
        "Name": "/web",
        "Image": EARLIER,
        "State": {"Running": True},
        "Config": {"Image": "shop/web:1", "Env": ["DB_PASSWORD=hunter22"]},
        "HostConfig": {},
        "Mounts": [{"Type": "volume", "Name": "web-data"}, {"Type": "bind", "Source": "/srv"}],
        "NetworkSettings": {"Networks": {"shop_default": {}}},
    }
    Replacement.objects.create(
        host_run=run.host_runs.get(), name="web", old_id=made.container_id, snapshot=snapshot
    )
    return f"/hosts/{host.pk}/containers/web/"


def address(row: Container) -> str:
    return f"/hosts/{row.host_id}/containers/{row.name}/"


def said(client: Client, where: str, data: dict[str, Any] | None = None) -> tuple[str, str]:
    """(where a post leads, what it says)."""
    answer = client.post(where, data or {})
    assert answer.status_code == 302
    return answer.headers["Location"], " ".join(map(str, get_messages(answer.wsgi_request)))


def test_it_shows_each_image_it_had_with_its_version_and_what_was_done(
    signed_in: Client, web: Container
) -> None:
    page = rows.text(signed_in, address(web))
    assert "version 1, <code" in page
    assert f'href="{address(web)}back/?to={rows.DIGEST.replace(":", "%3A")}"' in page
    assert "version 1 → 2" in page
    assert f'<a href="/runs/{UpdateRun.objects.get().pk}/">' in page


def test_scans_and_what_was_left_alone_are_no_history(signed_in: Client, web: Container) -> None:
    for state in ("fresh", "stale", "skipped"):
        rows.result(rows.run(web.host), "web", state=state, reason=f"It was {state}.")
    rows.result(rows.run(web.host), "web", state="rolled_back", reason="It failed.", log="<b>no")
    page = rows.text(signed_in, address(web))
    assert "It failed." in page
    assert "<pre>&lt;b&gt;no</pre>" in page
    assert "It was" not in page


def test_names_in_the_lists_lead_to_it(signed_in: Client, web: Container) -> None:
    for place in ("/containers/", f"/hosts/{web.host_id}/"):
        assert f'<a class="name" href="{address(web)}">web</a>' in rows.text(signed_in, place)
    run = UpdateRun.objects.get()
    assert f'href="{address(web)}"' in rows.text(signed_in, run.get_absolute_url())


def test_it_is_said_first_what_going_back_means(signed_in: Client, web: Container) -> None:
    page = rows.text(signed_in, f"{address(web)}back/?to={EARLIER}")
    assert "Send web back to version 1?" in page
    assert "the container is held: no run updates it until it is released" in page
    assert "the present one comes back" in page
    assert not UpdateRun.objects.filter(params__back_to__gt="").exists()


def test_going_back_starts_a_run_of_this_container_to_that_image(
    signed_in: Client, operator: User, web: Container
) -> None:
    where, _ = said(signed_in, f"{address(web)}back/?to={EARLIER}")
    run = UpdateRun.objects.latest("pk")
    assert where == f"/runs/{run.pk}/"
    params = run.parameters()
    assert (run.kind, run.trigger, run.user) == ("update", "page", operator)
    assert (params.names, params.back_to) == (("nas/web",), rows.DIGEST)
    assert params.switches["remove_volumes"] is False
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize("to", ["", "x", PRESENT, "sha256:" + "c" * 64, "%00", "'"])
def test_an_image_it_never_had_or_has_now_leads_back_with_the_reason(
    to: str, signed_in: Client, web: Container
) -> None:
    where, why = said(signed_in, f"{address(web)}back/?to={to}")
    assert (where, why) == (address(web), "web did not have that image, or has it now.")
    assert not OrmQ.objects.exists()


def test_a_host_that_is_not_enabled_offers_nothing_and_says_so(
    signed_in: Client, web: Container
) -> None:
    Host.objects.update(enabled=False)
    assert "Go back to this" not in rows.text(signed_in, address(web))
    _, why = said(signed_in, f"{address(web)}back/?to={EARLIER}")
    assert "no enabled host" in why


def test_watchweb_itself_is_not_sent_back(
    signed_in: Client, web: Container, settings: Settings, tmp_path: Path
) -> None:
    settings.MOUNTINFO = tmp_path / "mountinfo"
    settings.MOUNTINFO.write_text(f"9 7 8:1 /containers/{web.container_id}/hosts /etc/hosts rw\n")
    page = rows.text(signed_in, address(web))
    assert "cannot send itself back" in page
    assert "Go back to this" not in page


def test_a_hold_is_shown_with_who_and_why_and_released(
    signed_in: Client, operator: User, web: Container
) -> None:
    Container.objects.update(status="update_available", status_reason="The container is held.")
    assert "<span>Update…</span>" in rows.text(signed_in, address(web))
    hold = Hold.objects.create(
        host=web.host, container="web", reason="It went back to version 1.", user=operator
    )
    page = rows.text(signed_in, address(web))
    assert "It went back to version 1. By operator." in page
    assert "<span>Update…</span>" not in page
    where, what = said(signed_in, f"{address(web)}release/", {"hold": hold.pk})
    assert (where, what) == (address(web), "web is released. The next run goes by it.")
    assert not Hold.objects.exists()
    assert Container.objects.get().status_reason == ""


def test_a_block_is_lifted_and_leaves_the_others(signed_in: Client, web: Container) -> None:
    block = Hold.objects.create(
        host=web.host, container="web", digest=rows.NEW_DIGEST, version="3", reason="It failed."
    )
    Hold.objects.create(host=web.host, container="web", digest=rows.DIGEST, reason="It failed.")
    page = rows.text(signed_in, address(web))
    assert "Blocked:</b> version 3" in page
    _, what = said(signed_in, f"{address(web)}release/", {"hold": block.pk})
    assert what == "The block is lifted. The next run goes by it."
    assert Hold.objects.get().digest == rows.DIGEST


@pytest.mark.parametrize("key", ["", "x", "999", "-1", "²"])
def test_what_is_gone_already_is_told(key: str, signed_in: Client, web: Container) -> None:
    assert said(signed_in, f"{address(web)}release/", {"hold": key})[1] == "That is gone already."


def test_a_hold_of_another_container_is_not_released_from_here(
    signed_in: Client, web: Container
) -> None:
    other = Hold.objects.create(host=web.host, container="db", reason="It went back.")
    said(signed_in, f"{address(web)}release/", {"hold": other.pk})
    assert Hold.objects.exists()


def test_one_that_vanished_can_be_made_again_and_it_is_said_what_it_will_be(
    signed_in: Client, host: Host, gone: str
) -> None:
    page = rows.text(signed_in, gone)
    assert "It is not on nas any more" in page
    assert "Go back to this" not in page
    assert f'href="{gone}again/"' in page
    sheet = rows.text(signed_in, f"{gone}again/")
    assert "version 2 (sha256:" in sheet
    assert "/srv, web-data" in sheet
    assert "shop_default" in sheet
    assert "It is started, as it ran then." in sheet
    assert "hunter22" not in page + sheet

    where, _ = said(signed_in, f"{gone}again/")
    run = UpdateRun.objects.latest("pk")
    assert where == f"/runs/{run.pk}/"
    assert (run.parameters().is_rebuild, run.parameters().names) == (True, ("nas/web",))


def test_the_page_of_its_host_leads_to_one_that_vanished(
    signed_in: Client, host: Host, gone: str
) -> None:
    place = f"/hosts/{host.pk}/"
    assert f'<a href="{gone}">web</a>' in rows.text(signed_in, place)
    rows.container(host, "web")
    assert "Not here any more" not in rows.text(signed_in, place)


def test_one_that_is_there_is_not_made_again(signed_in: Client, host: Host, gone: str) -> None:
    rows.container(host, "web")
    assert "Make it again" not in rows.text(signed_in, gone)
    where, why = said(signed_in, f"{gone}again/")
    assert where == gone
    assert "web is on nas" in why
    assert not OrmQ.objects.exists()


def test_one_that_nobody_knows_has_no_page(signed_in: Client, host: Host) -> None:
    base = f"/hosts/{host.pk}/containers/nobody/"
    for place in (base, f"{base}back/?to={EARLIER}", f"{base}again/"):
        assert signed_in.get(place).status_code == 404
    assert signed_in.get("/hosts/999/containers/web/").status_code == 404


def test_one_that_vanished_and_was_never_replaced_says_so(signed_in: Client, host: Host) -> None:
    rows.result(rows.run(host), "web", state="failed")
    page = rows.text(signed_in, f"/hosts/{host.pk}/containers/web/")
    assert "nobody knows what it was" in page
    assert "Make it again" not in page


def test_who_may_only_look_sees_it_and_changes_nothing(
    clerk: Callable[..., Client], web: Container
) -> None:
    hold = Hold.objects.create(host=web.host, container="web", reason="It went back.")
    viewer = clerk()
    page = rows.text(viewer, address(web))
    assert "It went back." in page
    for word in ("Go back to this", "Release</button>", "Check now</span>", "Hold</span>"):
        assert word not in page
    for place in ("back/?to=" + EARLIER, "again/"):
        assert viewer.get(address(web) + place).status_code == 403
        assert viewer.post(address(web) + place).status_code == 403
    assert viewer.post(f"{address(web)}release/", {"hold": hold.pk}).status_code == 403
    assert Hold.objects.exists()
    assert UpdateRun.objects.count() == 1


def test_a_sign_in_that_came_in_between_leads_back(signed_in: Client, web: Container) -> None:
    answer = signed_in.get(f"{address(web)}release/")
    assert answer.headers["Location"] == address(web)
