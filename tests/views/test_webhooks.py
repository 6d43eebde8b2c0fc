"""Webhooks on the pages: added, changed, given another secret, deleted; the secret shown once."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.pushes.hooks import SECRET, waiting, webhook
from tests.views import rows
from tests.views.test_registry_form import errors
from updates.models import Host, UpdateRun, Webhook, WebhookDelivery
from updates.webhooks.senders import SENDERS, Kind

pytestmark = pytest.mark.django_db
ADD = "/webhooks/add/"


def sent(**changes: Any) -> dict[str, Any]:
    form = {"name": "hub", "enabled": "on", "kind": "docker_hub", "action": "scan", "zone": "UTC"}
    return form | changes


def pages(client: Client, row: Webhook) -> str:
    """All that is ever shown of one, but for the page with its secret."""
    ends = ("", f"{row.pk}/", f"{row.pk}/change/", f"{row.pk}/secret/", f"{row.pk}/delete/")
    shown = [rows.text(client, f"/webhooks/{end}") for end in ends]
    return "".join([*shown, rows.text(client, f"/admin/updates/webhook/{row.pk}/change/")])


@pytest.mark.parametrize("kind", Kind)
def test_the_secret_is_shown_once_and_never_again(admin_client: Client, kind: Kind) -> None:
    answer = admin_client.post(ADD, sent(kind=kind.value))
    row = Webhook.objects.get()
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert row.secret in answer.text
    assert (f"?secret={row.secret}" in answer.text) is (kind in (Kind.DOCKER_HUB, Kind.QUAY))
    assert len(row.secret) > 40
    assert row.secret not in pages(admin_client, row)
    assert SENDERS[kind].how in html.unescape(rows.text(admin_client, f"/webhooks/{row.pk}/"))


def test_the_address_is_the_one_of_the_pages_setting(admin_client: Client, settings: Any) -> None:
    row = webhook()
    assert "http://<wbr>testserver/<wbr>" in rows.text(
        admin_client, f"/webhooks/{row.pk}/"
    ).replace("http:<wbr>/<wbr>/<wbr>", "http://<wbr>")
    settings.WATCHWEB_URL = "https://watchweb.example.com"
    shown = rows.text(admin_client, f"/webhooks/{row.pk}/").replace("<wbr>", "")
    assert f"https://watchweb.example.com/hooks/{row.address}/" in shown


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "required"),
        ({"kind": "x"}, "kind", "valid choice"),
        ({"domain": "a b"}, "domain", "is not the address of a registry"),
        ({"window_begins": "04:00", "action": "update"}, "window_ends", "give both"),
        ({"window_days": ["6"]}, "window_begins", "needs no window"),
        ({"zone": "Mars"}, "zone", "is no time zone"),
        (
            {"window_begins": "04:00", "window_ends": "04:00", "action": "update"},
            "window_ends",
            "never be open",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    admin_client: Client, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = admin_client.post(ADD, sent(**changes))
    assert sentence in errors(answer.text)[field]
    assert not Webhook.objects.exists()


def test_a_registrys_address_is_kept_as_containers_have_it(admin_client: Client) -> None:
    admin_client.post(ADD, sent(domain="https://index.docker.io/v1/"))
    assert Webhook.objects.get().domain == "docker.io"


def test_a_change_keeps_address_and_secret(admin_client: Client) -> None:
    row = webhook()
    before = (row.address, row.secret)
    changes = sent(name="renamed", action="update", window_begins="22:00", window_ends="04:00")
    answer = admin_client.post(f"/webhooks/{row.pk}/change/", changes, follow=True)
    assert "renamed was changed." in answer.text
    assert "Check and update, every day, 22:00 to 04:00 (UTC)" in answer.text
    row.refresh_from_db()
    assert (row.name, row.address, row.secret) == ("renamed", *before)


def test_a_new_secret_ends_the_old_one(admin_client: Client) -> None:
    row = webhook()
    assert "until it has the new one" in rows.text(admin_client, f"/webhooks/{row.pk}/secret/")
    answer = admin_client.post(f"/webhooks/{row.pk}/secret/")
    row.refresh_from_db()
    assert row.secret != SECRET
    assert row.secret in answer.text


def test_one_is_deleted_with_its_deliveries_and_not_its_runs(
    admin_client: Client, host: Host
) -> None:
    row = waiting(webhook(), "docker.io/a/b:1")
    WebhookDelivery.objects.update(run=rows.run(host), outcome="started")
    address = f"/webhooks/{row.webhook_id}/delete/"
    assert "the runs they started stay" in rows.text(admin_client, address)
    answer = admin_client.post(address, follow=True)
    assert "No webhooks yet" in answer.text
    assert not WebhookDelivery.objects.exists()
    assert UpdateRun.objects.exists()


def test_deliveries_say_what_came_of_them(admin_client: Client, host: Host) -> None:
    row = webhook()
    run = rows.run(host)
    first = waiting(row, "docker.io/library/nginx:1", *(f"x.io/a:{n}" for n in range(10)))
    WebhookDelivery.objects.filter(pk=first.pk).update(outcome="started", run=run, repeats=2)
    page = rows.text(admin_client, f"/webhooks/{row.pk}/").replace("<wbr>", "")
    assert f'<a href="/runs/{run.pk}/">Update #{run.pk}</a> <small>finished</small>' in page
    for said in ("nginx:1<", "and 1 more", "It came 2 more times", "Started"):
        assert said in page, said
    assert "hx-get" not in page.partition("<main")[2]
    waiting(row, "docker.io/a/b")
    page = rows.text(admin_client, f"/webhooks/{row.pk}/").replace("<wbr>", "")
    assert "a/b (any tag)" in page
    assert f'hx-get="/webhooks/{row.pk}/"' in page
    part = rows.text(admin_client, f"/webhooks/{row.pk}/", **{"HX-Request": "true"})
    assert "<html" not in part


def test_the_list_says_who_is_refused(admin_client: Client) -> None:
    row = webhook(enabled=False)
    Webhook.objects.note_refusal(row.pk, "It came without the secret.", row.created_at)
    page = rows.text(admin_client, "/webhooks/")
    for said in ("It came without the secret.", "Nothing delivered yet", ">Disabled<"):
        assert said in page


def test_the_list_leads_to_the_run_of_the_last_delivery(admin_client: Client, host: Host) -> None:
    run = rows.run(host)
    waiting(webhook(), "docker.io/a/b:1")
    WebhookDelivery.objects.update(run=run, outcome="started")
    assert f'<a href="/runs/{run.pk}/">{run}</a>' in rows.text(admin_client, "/webhooks/")


@pytest.mark.parametrize("kind", Kind)
def test_a_script_finds_its_command_ready(admin_client: Client, kind: Kind) -> None:
    row = webhook(kind)
    page = rows.text(admin_client, f"/webhooks/{row.pk}/")
    assert ("curl " in page) is (kind is Kind.GENERIC)
    assert SECRET not in page


RIGHTS = [
    ("/webhooks/", "view_webhook"),
    ("/webhooks/add/", "add_webhook"),
    ("/webhooks/{pk}/", "view_webhook"),
    ("/webhooks/{pk}/change/", "change_webhook"),
    ("/webhooks/{pk}/secret/", "change_webhook"),
    ("/webhooks/{pk}/delete/", "delete_webhook"),
]


@pytest.mark.parametrize(("address", "right"), RIGHTS)
def test_each_page_asks_for_its_right(
    address: str, right: str, clerk: Callable[..., Client]
) -> None:
    address = address.format(pk=webhook().pk)
    others = {one for _, one in RIGHTS} - {right}
    assert clerk(*others).get(address).status_code == 403
    assert clerk(right).get(address).status_code == 200


def test_the_registries_page_leads_there(admin_client: Client, signed_in: Client) -> None:
    assert 'href="/webhooks/"' in rows.text(admin_client, "/registries/")
