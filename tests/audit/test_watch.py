"""What people change is written down from wherever they do it, without a secret."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from tests.views import rows
from updates.audit.actor import Actor, acting
from updates.models import (
    ApiToken,
    AuditEntry,
    Channel,
    Host,
    Policy,
    Registry,
    Schedule,
    UpdateRun,
    Webhook,
)
from updates.models.api_token import Scope
from updates.models.audit import Deed, Origin
from updates.runs import holds

SECRET = "hunter2-hunter2"


def only() -> AuditEntry:
    """The one entry there is, but for the sign-in of the test's own client."""
    return AuditEntry.objects.exclude(deed=Deed.SIGNED_IN).get()


def test_a_page_the_admin_the_api_and_a_command_are_told_apart(
    admin_client: Client, admin_user: User
) -> None:
    _, secret = ApiToken.objects.issue(admin_user, "script", Scope.ADMIN)
    form = {"url": "ssh://me@x", "enabled": "on"}
    admin_client.post("/hosts/add/", form | {"name": "by-page"})
    admin_client.post("/admin/updates/host/add/", form | {"name": "by-admin"})
    Client().post(
        "/api/v1/hosts",
        {"name": "by-api", "url": "ssh://me@x"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    call_command("addhost", "by-command", "unix:///nowhere.sock")
    found = {one.subject: one for one in AuditEntry.objects.filter(deed=Deed.ADDED)}
    for origin in Origin:
        entry = found[f"host by-{origin}"]
        assert entry.origin == origin
    assert found["host by-api"].token == "script"
    assert found["host by-api"].username == "admin"
    assert found["host by-page"].address == "127.0.0.1"
    assert found["host by-command"].username
    assert len(found) == 4, "the admin's own log tells of nothing twice"


def test_old_and_new_are_kept(admin_client: Client, host: Host) -> None:
    form = {"name": "nas", "url": "ssh://me@x", "enabled": "on"}
    admin_client.post(f"/hosts/{host.pk}/change/", form)
    assert only().deed == Deed.CHANGED
    assert only().changes == [["address", "unix:///nowhere.sock", "ssh://me@x"]]


@pytest.mark.parametrize("before", ["", "old-secret"])
def test_of_a_secret_only_the_change_is_told(admin_user: User, before: str) -> None:
    row = Registry.objects.create(domain="ghcr.io", username="me", password=before)
    with acting(lambda: Actor("admin", Origin.PAGE)):
        row.password = SECRET
        row.ca_pem = "-----BEGIN PRIVATE KEY-----\npasted by mistake"
        row.save()
    said = only().changes
    assert ["password or token", "set" if before else "", "changed" if before else "set"] in said
    assert SECRET not in str(said)
    assert "mistake" not in str(said)


def test_a_setting_is_told_with_both_values_but_a_hook_is_not(
    admin_client: Client, host: Host
) -> None:
    rows.container(host, "web")
    values = {"lifecycle_pre_update": f"curl -u me:{SECRET} x", "stop_timeout": "30"}
    address = f"/hosts/{host.pk}/containers/web/settings/"
    admin_client.post(address, {"stop_timeout": "10"})
    AuditEntry.objects.all().delete()
    admin_client.post(address, values)
    assert Policy.objects.exists()
    assert only().deed == Deed.SETTINGS
    told = {what: (old, new) for what, old, new in only().changes}
    assert told["stop-timeout"] == ("10s", "30s")
    assert ["lifecycle-pre-update", "", "set"] in only().changes
    assert SECRET not in str(only().changes)


def test_what_a_worker_does_by_itself_is_not_written_down(host: Host) -> None:
    host.enabled = False
    host.save()
    Schedule.objects.create(name="x", when="@daily").delete()
    assert not AuditEntry.objects.exists()


def test_a_run_that_is_started_and_cancelled_is_written_down(
    signed_in: Client, operator: User, host: Host
) -> None:
    signed_in.post("/runs/start/", {"kind": "scan"})
    run = UpdateRun.objects.get()
    signed_in.post(f"/runs/{run.pk}/cancel/")
    found = list(AuditEntry.objects.order_by("pk"))
    assert [one.deed for one in found] == [Deed.STARTED, Deed.CANCELLED]
    assert {one.username for one in found} == {"operator"}
    assert found[0].link == run.get_absolute_url()
    assert "nas" in found[0].subject


def test_holds_are_written_down_when_a_person_makes_them(host: Host, operator: User) -> None:
    holds.hold(host.pk, "web", "By a run.", None)
    assert not AuditEntry.objects.exists()
    with acting(lambda: Actor("operator", Origin.API)):
        holds.hold(host.pk, "web", "By a person.", operator)
        holds.block_digest(host.pk, "web", "sha256:1", "No.", operator)
        holds.release(host.pk, "web")
    found = AuditEntry.objects.order_by("pk").values_list("deed", "subject")
    assert list(found) == [
        (Deed.HELD, "nas/web"),
        (Deed.SKIPPED, "nas/web: sha256:1"),
        (Deed.RELEASED, "nas/web"),
    ]


def test_what_goes_with_a_host_is_one_entry(admin_client: Client, host: Host) -> None:
    Policy.objects.create(host=host, values={"cleanup": True})
    admin_client.post(f"/hosts/{host.pk}/delete/")
    assert (only().deed, only().subject) == (Deed.DELETED, "host nas")


def test_tokens_webhooks_and_the_pause_are_written_down(
    admin_client: Client, admin_user: User
) -> None:
    token, _ = ApiToken.objects.issue(admin_user, "script", Scope.READ)
    hook = Webhook.objects.create(name="hub", kind="docker_hub")
    Channel.objects.create(name="phone", url="json://x/y")
    Schedule.objects.create(name="nightly", when="@daily")
    admin_client.post(f"/api-tokens/{token.pk}/revoke/")
    admin_client.post(f"/webhooks/{hook.pk}/secret/")
    admin_client.post("/schedules/pause/")
    admin_client.post("/schedules/pause/", {"resume": "1"})
    admin_client.post("/tokens/flush/", {"all": "1"})
    found = [one.deed for one in AuditEntry.objects.order_by("pk")]
    expected = [Deed.REVOKED, Deed.REVEALED, Deed.PAUSED, Deed.RESUMED, Deed.FLUSHED]
    assert found == expected


def test_people_made_in_the_admin_are_written_down(admin_client: Client, db: None) -> None:
    form = {
        "username": "newcomer",
        "usable_password": "true",
        "password1": SECRET,
        "password2": SECRET,
    }
    admin_client.post("/admin/auth/user/add/", form)
    assert only().subject == "user newcomer"
    assert (only().deed, only().origin) == (Deed.ADDED, Origin.ADMIN)
    assert SECRET not in str(only().changes)


def test_an_entry_is_never_changed(db: None) -> None:
    row = AuditEntry.objects.create(origin=Origin.PAGE, deed=Deed.ADDED, subject="host nas")
    row.subject = "nothing"
    with pytest.raises(TypeError):
        row.save()
