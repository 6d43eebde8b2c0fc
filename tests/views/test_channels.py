"""Notification channels on the pages: added, changed, previewed, tested, deleted; never a 500."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_q.models import OrmQ

from tests.notifications import news
from tests.views import rows
from updates.models import Channel, Delivery, Host
from updates.models.channel import USUAL_EVENTS

pytestmark = pytest.mark.django_db
URL = f"gotify://push.example.com/{news.SECRET}"


def sent(**facts: Any) -> dict[str, Any]:
    """What the form sends for a good channel, but for `facts`."""
    return {
        "name": "phone",
        "enabled": "on",
        "kind": "apprise",
        "url": URL,
        "events": ["updated", "failed"],
        "min_severity": "1",
        "digest_minutes": "0",
        "zone": "UTC",
        "preset": "short",
        "title": "Watchweb: {{ summary }}",
    } | facts


def test_no_channel_is_a_page_that_says_how_to_begin(admin_client: Client) -> None:
    assert "No channels yet" in rows.text(admin_client, "/notifications/")


def test_a_channel_is_added_and_its_secret_is_never_shown(admin_client: Client) -> None:
    answer = admin_client.post("/notifications/add/", sent(), follow=True)
    row = Channel.objects.get()
    assert (row.url, row.service) == (URL, "Gotify on push.example.com")
    pages = [answer.text]
    addresses = ("", f"{row.pk}/", f"{row.pk}/change/", f"{row.pk}/delete/")
    pages += [rows.text(admin_client, f"/notifications/{address}") for address in addresses]
    assert "Gotify on push.example.com" in pages[1]
    assert not any(news.SECRET in page for page in pages)


def test_the_form_begins_with_the_usual_events_and_keeps_the_saved_ones(
    admin_client: Client,
) -> None:
    fresh = rows.text(admin_client, "/notifications/add/")
    assert re.findall(r'name="events" value="(\w+)"[^>]* checked', fresh) == list(USUAL_EVENTS)
    row = news.channel(URL, events=["skipped"])
    saved = rows.text(admin_client, f"/notifications/{row.pk}/change/")
    assert re.findall(r'name="events" value="(\w+)"[^>]* checked', saved) == ["skipped"]


def test_the_secret_is_encrypted_in_the_database() -> None:
    news.channel(URL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_channel")
        assert news.SECRET not in str(cursor.fetchall())


def test_an_empty_url_keeps_the_saved_one(admin_client: Client) -> None:
    row = news.channel(URL)
    admin_client.post(f"/notifications/{row.pk}/change/", sent(url="", name="other"))
    row.refresh_from_db()
    assert (row.name, row.url) == ("other", URL)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"url": "nonsense://s3cr3t"}, "This is no URL of a service that Apprise knows"),
        ({"url": "discord://s3cr3t@123"}, "translatenotifications prints the one for Apprise"),
        ({"url": ""}, "Give the Apprise URL of the service."),
        ({"template": "a\n{% nope %}"}, "Line 2: Invalid block tag"),
        ({"title": "{% include 'x' %}"}, "Line 1: Invalid block tag"),
        ({"preset": "own"}, "Write the text, or choose one of the others."),
        ({"preset": "what"}, "Select a valid choice"),
        ({"events": []}, "Choose at least one"),
        ({"zone": "Mars/Olympus"}, "There is no such time zone"),
        ({"quiet_from": "22:00"}, "Quiet hours need both"),
        ({"quiet_from": "25:00"}, "Enter a valid time"),
        ({"kind": "email", "addresses": ""}, "Give at least one e-mail address."),
        ({"kind": "email", "addresses": "me@example.com nobody"}, "nobody is no e-mail address."),
        ({"kind": "fax"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_bad_input_is_the_field_and_a_sentence(
    admin_client: Client, facts: dict[str, Any], sentence: str
) -> None:
    answer = admin_client.post("/notifications/add/", sent(**facts))
    assert answer.status_code == 200
    assert sentence in answer.text
    assert "s3cr3t" not in answer.text
    assert not Channel.objects.exists()


def test_the_preview_is_of_a_real_run_and_saves_nothing(admin_client: Client, host: Host) -> None:
    first, _ = news.update(host, web="updated"), news.update(host, db="failed")
    answer = admin_client.post(
        "/notifications/preview/", sent(run=str(first.pk)), headers={"HX-Request": "true"}
    )
    assert "nas/web: updated to the new" in answer.text
    assert "<html" not in answer.text
    last = admin_client.post("/notifications/preview/", sent(preset="watchtower"))
    assert "1 Scanned, 0 Updated, 1 Failed" in last.text
    assert not Channel.objects.exists()


@pytest.mark.parametrize("template", ["{% nope %}", "{{ summary.format }}", "{{ x.y.z|add:1 }}"])
def test_a_preview_of_a_bad_template_says_so(
    admin_client: Client, host: Host, template: str
) -> None:
    news.update(host, web="updated")
    typed = sent(preset="own", template=template)
    assert admin_client.post("/notifications/preview/", typed).status_code == 200
    page = admin_client.post("/notifications/add/", typed | {"preview": "1"})
    assert page.status_code == 200
    if "nope" in template:
        assert "Line 1: Invalid block tag" in page.text


def test_a_preview_without_scripts_is_on_the_form(admin_client: Client, host: Host) -> None:
    news.update(host, web="updated")
    page = admin_client.post("/notifications/add/", sent(preview="1"))
    assert "nas/web: updated to the new" in page.text
    assert not Channel.objects.exists()


def test_the_form_without_any_run_has_no_preview(admin_client: Client) -> None:
    assert "There is no past run" in rows.text(admin_client, "/notifications/add/")


def test_a_test_is_queued_and_shown(admin_client: Client) -> None:
    row = news.channel(URL)
    page = admin_client.post(f"/notifications/{row.pk}/test/", follow=True)
    delivery = Delivery.objects.get()
    [task] = OrmQ.objects.all()
    assert task.task["args"] == ("updates.notifications.tasks.send", delivery.pk)
    assert "A test is on its way" in page.text
    assert 'hx-trigger="every 2s"' in page.text
    Delivery.objects.update(state="failed", error="Gotify answered 401.")
    part = admin_client.get(f"/notifications/{row.pk}/", headers={"HX-Request": "true"}).text
    assert "Gotify answered 401." in part
    assert "hx-trigger" not in part
    assert "<html" not in part


def test_deleting_asks_first(admin_client: Client) -> None:
    row = news.channel(URL, name="phone")
    assert "Delete phone?" in rows.text(admin_client, f"/notifications/{row.pk}/delete/")
    admin_client.post(f"/notifications/{row.pk}/delete/")
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("right", "verb", "address"),
    [
        ("view_channel", "get", "/notifications/"),
        ("view_channel", "get", "/notifications/{pk}/"),
        ("add_channel", "get", "/notifications/add/"),
        ("change_channel", "get", "/notifications/{pk}/change/"),
        ("change_channel", "post", "/notifications/preview/"),
        ("change_channel", "post", "/notifications/{pk}/test/"),
        ("delete_channel", "get", "/notifications/{pk}/delete/"),
    ],
)
def test_each_page_needs_its_right(
    clerk: Callable[..., Client], right: str, verb: str, address: str
) -> None:
    address = address.format(pk=news.channel(URL).pk)
    assert getattr(clerk(), verb)(address).status_code == 403
    assert getattr(clerk(right), verb)(address).status_code in (200, 302)
