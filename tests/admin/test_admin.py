"""The admin: every model, read-only history, write-only secrets, a refused PEM with its reason."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.views.fleet import add_containers, add_run
from updates.models import Host, Registry, RegistryToken

KEPT = {"host", "registry"}
MODELS = sorted(apps.get_app_config("updates").get_models(), key=lambda model: model.__name__)
NAMES = [model._meta.model_name for model in MODELS]


@pytest.fixture
def office(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("name", NAMES)
def test_every_model_has_a_list_with_a_search(office: Client, host: Host, name: str) -> None:
    add_containers(host, 1)
    add_run(host)
    assert office.get(f"/admin/updates/{name}/?q=app").status_code == 200


@pytest.mark.parametrize("name", sorted(set(NAMES) - KEPT))
def test_history_is_neither_added_nor_changed(office: Client, name: str) -> None:
    assert office.get(f"/admin/updates/{name}/add/").status_code == 403


def test_the_queue_stays_out_of_the_admin() -> None:
    queued = apps.get_app_config("django_q").get_models()
    assert not any(admin.site.is_registered(model) for model in queued)


def registry_form(**changes: str) -> dict[str, str]:
    return {
        "domain": "registry.test:5000",
        "username": "robot",
        "password": "hunter2-hunter2",
        "realm_hosts": "",
        "trust": "system",
        "ca_pem": "",
    } | changes


def test_a_password_is_saved_encrypted_and_never_sent_back(office: Client) -> None:
    office.post("/admin/updates/registry/add/", registry_form())
    row = Registry.objects.get()
    assert row.password == "hunter2-hunter2"
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM updates_registry")
        assert "hunter2" not in cursor.fetchone()[0]
    page = office.get(f"/admin/updates/registry/{row.pk}/change/").text
    assert "hunter2" not in page
    assert row.password not in page


def test_an_empty_password_keeps_the_saved_one_and_clear_removes_it(office: Client) -> None:
    row = Registry.objects.create(domain="registry.test:5000", username="robot", password="old")
    path = f"/admin/updates/registry/{row.pk}/change/"
    office.post(path, registry_form(password=""))
    row.refresh_from_db()
    assert row.password == "old"
    office.post(path, registry_form(username="", password="clear"))
    row.refresh_from_db()
    assert (row.username, row.password) == ("", "")


@pytest.mark.parametrize("pem", ["rubbish", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_bad_pem_is_refused_with_its_reason(office: Client, pem: str) -> None:
    answer = office.post("/admin/updates/registry/add/", registry_form(ca_pem=pem, trust="ca"))
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not Registry.objects.exists()


def test_a_host_with_half_a_client_certificate_is_refused(office: Client) -> None:
    form = {"name": "nas", "url": "tcp://10.0.0.5:2376", "tls_cert": "x", "enabled": "on"}
    answer = office.post("/admin/updates/host/add/", form)
    assert "belong together" in answer.text
    assert not Host.objects.exists()


def test_a_client_key_is_never_sent_back(office: Client) -> None:
    host = Host.objects.create(
        name="nas", url="tcp://10.0.0.5:2376", tls_cert="cert", tls_key="very-private-key"
    )
    assert "very-private-key" not in office.get(f"/admin/updates/host/{host.pk}/change/").text


def test_a_token_is_never_shown(office: Client) -> None:
    row = RegistryToken.objects.create(registry="r.test", realm="https://r.test", value="s3cr3t-t")
    for path in ("", f"{row.pk}/change/"):
        assert "s3cr3t-t" not in office.get(f"/admin/updates/registrytoken/{path}").text
