"""The admin: every model listed, filtered, searched and shown; history that nobody changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import (
    ApiToken,
    AuditEntry,
    Channel,
    Container,
    ContainerResult,
    Delivery,
    Heartbeat,
    Hold,
    Host,
    HostRun,
    HourCount,
    IdempotencyKey,
    ImageConfig,
    ImagePlatforms,
    Notice,
    Policy,
    Preference,
    Registry,
    RegistryToken,
    RemoteDigest,
    Replacement,
    RunEvent,
    Schedule,
    SchedulePause,
    ScheduleTick,
    SeenDigest,
    SettledImage,
    Tally,
    Told,
    UpdateRun,
    Upkeep,
    Webhook,
    WebhookDelivery,
)
from updates.models.api_token import Scope

KEPT = {Host, Registry}
MODELS = sorted(apps.get_app_config("updates").get_models(), key=lambda model: model.__name__)
Address = Callable[..., str]


@pytest.fixture
def full(host: Host) -> None:
    """A row of each model."""
    rows.container(host, "web")
    run = rows.run(host)
    rows.result(run, "web")
    rows.event(run, "Something happened.", "web")
    Registry.objects.create(domain="registry.example.com", username="u", password="p4ssw0rd")
    RegistryToken.objects.create(registry="r", realm="https://r.example/t", value="t0k3n")
    RemoteDigest.objects.create(reference="registry.example.com/web:1")
    ImageConfig.objects.create(digest=rows.DIGEST, platform="linux/amd64")
    ImagePlatforms.objects.create(digest=rows.DIGEST, platforms=["linux/amd64"])
    SettledImage.objects.create(digest=rows.DIGEST, image_id=rows.NEW_DIGEST)
    SeenDigest.objects.create(digest=rows.DIGEST)
    Policy.objects.create(host=host, values={"cleanup": True})
    Preference.objects.create(user=User.objects.create(username="somebody"), theme="dark")
    Hold.objects.create(host=host, container="web", digest=rows.DIGEST, reason="It failed.")
    channel = Channel.objects.create(name="phone", url="ntfy://me:t0k3n@ntfy.example/topic")
    delivery = Delivery.objects.create(channel=channel, run=run, title="Updated web")
    Notice.objects.create(
        channel=channel, run=run, delivery=delivery, event="updated", facts={"name": "web"}
    )
    Told.objects.create(channel=channel, subject="container nas/web", topic="update")
    Heartbeat.objects.create(queue="default")
    owner = User.objects.create(username="api-owner")
    ApiToken.objects.create(owner=owner, name="script", digest="d1gest", hint="ww_abcde")
    IdempotencyKey.objects.create(owner=owner, key="nightly-1", fingerprint="f1", run=run)
    SchedulePause.objects.create(pk=1)
    AuditEntry.objects.create(username="somebody", origin="page", deed="added", subject="host nas")
    Upkeep.objects.create(job="recovery", began_at=timezone.now(), seconds=0.1)
    Tally.objects.create(family="runs", labels="scan\npage\nfinished", value=1)
    HourCount.objects.add(timezone.now(), {"updated": 1})
    plan = Schedule.objects.create(name="nightly", when="@daily")
    ScheduleTick.objects.create(
        schedule=plan, due_at=timezone.now(), kind="scan", outcome="started", run=run
    )
    WebhookDelivery.objects.create(
        webhook=Webhook.objects.create(name="hub", kind="docker_hub", secret="t0k3n"),
        event="push",
        run=run,
    )
    Replacement.objects.create(
        host_run=run.host_runs.get(),
        name="web",
        old_id="1" * 64,
        step="snapshot",
        snapshot={"container": {"Config": {"Env": ["PASSWORD=3nv-s3cret"]}}},
    )


def address(model: type[Model], rest: str = "") -> str:
    return f"/admin/updates/{model._meta.model_name}/{rest}"


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_list_with_search_and_filters(model: type[Model]) -> None:
    made = admin.site._registry[model]
    assert made.search_fields
    assert len(made.list_display) > 1
    assert made.list_filter or model in (ImagePlatforms, SettledImage, SeenDigest, Heartbeat)


@pytest.mark.parametrize("model", MODELS)
def test_every_row_is_listed_found_and_shown(
    model: type[Model], office: Client, full: None
) -> None:
    row = model._default_manager.get()
    shown = f'/{row.pk}/change/"'
    assert shown in rows.text(office, address(model))
    assert shown not in rows.text(office, address(model, "?q=nothing-is-called-so"))
    page = rows.text(office, address(model, f"{row.pk}/change/"))
    for secret in ("p4ssw0rd", "t0k3n", "3nv-s3cret", "d1gest"):
        assert secret not in page


@pytest.mark.parametrize("model", [model for model in MODELS if model not in KEPT])
def test_history_is_neither_added_nor_changed(
    model: type[Model], office: Client, full: None
) -> None:
    row = model._default_manager.get()
    before = model._default_manager.values().get()
    assert office.get(address(model, "add/")).status_code == 403
    assert office.post(address(model, "add/"), {}).status_code == 403
    page = rows.text(office, address(model, f"{row.pk}/change/"))
    assert 'name="_save"' not in page
    assert office.post(address(model, f"{row.pk}/change/"), {"name": "x"}).status_code == 403
    assert model._default_manager.values().get() == before


def test_nobody_is_spared() -> None:
    """The list of models above is what there is."""
    assert {
        Container,
        ContainerResult,
        Heartbeat,
        HostRun,
        ImagePlatforms,
        RegistryToken,
        RemoteDigest,
        Replacement,
        RunEvent,
        SettledImage,
        UpdateRun,
    } | KEPT <= set(MODELS)


def test_the_queue_stays_out_of_the_admin() -> None:
    queued = apps.get_app_config("django_q").get_models()
    assert not any(admin.site.is_registered(model) for model in queued)


def test_who_may_not_use_the_admin_is_told_so_in_our_look(signed_in: Client) -> None:
    answer = signed_in.get("/admin/", follow=True)
    assert "operator may not see this page" in answer.text
    assert "updates/css/watchweb.css" in answer.text


def test_the_admins_sign_in_lets_staff_in(client: Client, db: None) -> None:
    User.objects.create_superuser("root", password="root-password")
    form: dict[str, Any] = {"username": "root", "password": "wrong", "next": "/admin/"}
    assert 'role="alert"' in client.post("/admin/login/", form).text
    form["password"] = "root-password"
    assert client.post("/admin/login/", form).headers["Location"] == "/admin/"


def test_hosts_are_scanned_from_their_list(office: Client, host: Host) -> None:
    chosen = {"action": "scan_now", "_selected_action": [host.pk]}
    answer = office.post(address(Host), chosen, follow=True)
    assert "Scan #" in answer.text
    assert UpdateRun.objects.get().host_runs.get().host == host
    Host.objects.update(enabled=False)
    assert "There is no enabled host" in office.post(address(Host), chosen, follow=True).text


def test_a_scan_from_the_list_needs_the_right_to_start_runs(client: Client, host: Host) -> None:
    clerk = User.objects.create(username="clerk", is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_host", "change_host"])
    clerk.user_permissions.set(rights)
    client.force_login(clerk)
    assert "Scan now" not in rows.text(client, address(Host))
    client.post(address(Host), {"action": "scan_now", "_selected_action": [host.pk]})
    assert not UpdateRun.objects.exists()


def test_tokens_are_flushed_from_their_list(office: Client) -> None:
    gone, fetched, kept = (
        rows.token(scope="gone"),
        rows.token(scope="fetched", filling_until=timezone.now() + timedelta(minutes=1)),
        rows.token(scope="kept"),
    )
    chosen = {"action": "flush", "_selected_action": [gone.pk, fetched.pk]}
    answer = office.post(address(RegistryToken), chosen, follow=True)
    assert "1 token flushed." in answer.text
    assert set(RegistryToken.objects.all()) == {fetched, kept}


def test_flushing_from_the_list_needs_its_right(client: Client, db: None) -> None:
    clerk = User.objects.create(username="clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_registrytoken"))
    client.force_login(clerk)
    token = rows.token()
    assert "Flush" not in rows.text(client, address(RegistryToken))
    client.post(address(RegistryToken), {"action": "flush", "_selected_action": [token.pk]})
    assert RegistryToken.objects.exists()


def test_no_token_is_even_read(office: Client, settings: Any) -> None:
    """With other keys a saved token cannot be read; the admin does not try."""
    token = rows.token()
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    for rest in ("", f"{token.pk}/change/"):
        assert "registry.example.com" in rows.text(office, address(RegistryToken, rest))


def test_a_registry_leads_to_its_page_and_its_test(office: Client) -> None:
    row = rows.registry()
    page = rows.text(office, address(Registry, f"{row.pk}/change/"))
    assert f'href="/registries/{row.pk}/#test"' in page
    assert "Save it first" in rows.text(office, address(Registry, "add/"))


def test_the_list_says_which_registries_are_insecure(office: Client) -> None:
    rows.registry("a.example")
    assert '"field-safety">checked<' in rows.text(office, address(Registry))
    Registry.objects.update(plain_http=True)
    assert '"field-safety">insecure<' in rows.text(office, address(Registry))


def test_deleted_registries_take_their_tokens_along(office: Client) -> None:
    one, two = rows.registry("a.example"), rows.registry("docker.io")
    for name in ("a.example", "registry-1.docker.io", "kept.example"):
        rows.token(name)
    office.post(address(Registry, f"{one.pk}/delete/"), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"}
    office.post(address(Registry), chosen)
    assert not Registry.objects.exists()
    assert [token.registry for token in RegistryToken.objects.all()] == ["kept.example"]


def test_who_may_only_look_sees_no_secret(client: Client, host: Host) -> None:
    clerk = User.objects.create(username="clerk", is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_registry", "view_host"])
    clerk.user_permissions.set(rights)
    client.force_login(clerk)
    row = rows.registry(username="robot", password="p4ssw0rd", kind="google")
    page = rows.text(client, address(Registry, f"{row.pk}/change/"))
    assert "robot" in page
    assert "p4ssw0rd" not in page
    Registry.objects.update(password="", identity_token="1dentity-t0ken", client_key="k3y")
    Host.objects.update(tls_key="k3y")
    for shown in (address(Registry, f"{row.pk}/change/"), address(Host, f"{host.pk}/change/")):
        page = rows.text(client, shown)
        assert "1dentity-t0ken" not in page
        assert "k3y" not in page


def test_who_may_add_but_not_change_enters_the_secrets_too(client: Client, db: None) -> None:
    clerk = User.objects.create(username="clerk", is_staff=True)
    rights = Permission.objects.filter(codename__in=["add_registry", "view_registry"])
    clerk.user_permissions.set(rights)
    client.force_login(clerk)
    assert 'name="password"' in rows.text(client, address(Registry, "add/"))


def test_api_tokens_are_revoked_from_their_list(office: Client, operator: User) -> None:
    token, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    chosen = {"action": "revoke", "_selected_action": [token.pk]}
    assert "1 token revoked." in office.post(address(ApiToken), chosen, follow=True).text
    assert ApiToken.objects.presented(secret) is None
