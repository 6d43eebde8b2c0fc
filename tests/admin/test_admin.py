"""The admin: every model listed, filtered, searched and shown; history that nobody changes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models import Model
from django.test import Client

from tests.views import rows
from updates.models import (
    Container,
    ContainerResult,
    Heartbeat,
    Host,
    HostRun,
    Registry,
    RegistryToken,
    RemoteDigest,
    Replacement,
    RunEvent,
    SettledImage,
    UpdateRun,
)

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
    SettledImage.objects.create(digest=rows.DIGEST, image_id=rows.NEW_DIGEST)
    Heartbeat.objects.create(queue="default")
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
    assert made.list_filter or model in (SettledImage, Heartbeat)


@pytest.mark.parametrize("model", MODELS)
def test_every_row_is_listed_found_and_shown(
    model: type[Model], office: Client, full: None
) -> None:
    row = model._default_manager.get()
    shown = f'/{row.pk}/change/"'
    assert shown in rows.text(office, address(model))
    assert shown not in rows.text(office, address(model, "?q=nothing-is-called-so"))
    page = rows.text(office, address(model, f"{row.pk}/change/"))
    for secret in ("p4ssw0rd", "t0k3n", "3nv-s3cret"):
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
