"""Hosts' and registries' forms: write-only secrets, and TLS material that is refused in words."""

import re

import pytest
import trustme
from django.db import connection
from django.test import Client

from tests.views import rows
from updates.models import Host, Registry

ADD_REGISTRY = "/admin/updates/registry/add/"
ADD_HOST = "/admin/updates/host/add/"


def registry_form(**changes: str) -> dict[str, str]:
    return {
        "domain": "registry.test:5000",
        "kind": "generic",
        "username": "robot",
        "password": "hunter2-hunter2",
        "realm_hosts": "",
        "trust": "system",
        "ca_pem": "",
    } | changes


def host_form(**changes: str) -> dict[str, str]:
    form = {"name": "nas", "url": "tcp://10.0.0.5:2376", "enabled": "on", "queue": ""}
    return form | {"tls_ca": "", "tls_cert": "", "tls_key": ""} | changes


def errors(page: str) -> dict[str, str]:
    """The reasons beside the fields, by the field's name."""
    found = re.findall(r'<ul class="errorlist" id="id_(\w+)_error">(.*?)</ul>', page, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", " ", text).strip() for name, text in found}


def pem_pair(authority: trustme.CA) -> tuple[str, str]:
    made = authority.issue_cert("client.test")
    return made.cert_chain_pems[0].bytes().decode(), made.private_key_pem.bytes().decode()


def test_a_password_is_saved_encrypted_and_never_sent_back(office: Client) -> None:
    office.post(ADD_REGISTRY, registry_form())
    row = Registry.objects.get()
    assert row.password == "hunter2-hunter2"
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM updates_registry")
        saved = cursor.fetchone()[0]
    page = rows.text(office, f"/admin/updates/registry/{row.pk}/change/")
    for secret in ("hunter2", saved):
        assert secret not in page
    assert "hunter2" not in saved
    assert "One is saved" in page


def test_a_form_that_is_refused_does_not_send_the_password_back(office: Client) -> None:
    page = office.post(ADD_REGISTRY, registry_form(domain="https://x/")).text
    assert "domain" in errors(page)
    assert "hunter2" not in page


def test_an_empty_password_keeps_the_saved_one_and_clear_removes_it(office: Client) -> None:
    row = Registry.objects.create(domain="registry.test:5000", username="robot", password="old")

    def saved(**changes: str) -> tuple[str, str]:
        path = f"/admin/updates/registry/{row.pk}/change/"
        assert office.post(path, registry_form(**changes)).status_code == 302
        row.refresh_from_db()
        return row.username, row.password

    assert saved(password="") == ("robot", "old")
    assert saved(password="new") == ("robot", "new")
    assert saved(username="", password="clear") == ("", "")


@pytest.mark.parametrize(
    "pem", ["rubbish", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n", "leaf", "key"]
)
def test_a_bad_pem_is_refused_with_its_reason_at_its_field(office: Client, pem: str) -> None:
    authority = trustme.CA()
    leaf, key = pem_pair(authority)
    pem = {"leaf": leaf, "key": authority.cert_pem.bytes().decode() + key}.get(pem, pem)
    page = office.post(ADD_REGISTRY, registry_form(ca_pem=pem)).text
    assert len(errors(page)["ca_pem"]) > 20
    assert not Registry.objects.exists()


def test_a_good_pem_is_described(office: Client) -> None:
    authority = trustme.CA(organization_name="Example Works")
    office.post(ADD_REGISTRY, registry_form(ca_pem=authority.cert_pem.bytes().decode()))
    row = Registry.objects.get()
    assert row.trust == Registry.Trust.SYSTEM_AND_CA
    page = rows.text(office, f"/admin/updates/registry/{row.pk}/change/")
    assert "Example Works" in page
    assert "SHA-256" in page


def test_trust_in_a_ca_needs_one(office: Client) -> None:
    page = office.post(ADD_REGISTRY, registry_form(trust=Registry.Trust.CA_ONLY)).text
    assert errors(page)["ca_pem"] == "This kind of trust needs a CA certificate."


def test_the_labels_follow_the_saved_kind(office: Client) -> None:
    office.post(ADD_REGISTRY, registry_form(kind="harbor"))
    page = rows.text(office, f"/admin/updates/registry/{Registry.objects.get().pk}/change/")
    assert "Robot secret" in page
    assert "The whole name with its single $" in page


def test_an_identity_token_and_a_registrys_client_key_are_never_sent_back(office: Client) -> None:
    cert, key = pem_pair(trustme.CA())
    form = {"username": "", "password": "", "identity_token": "1dentity-t0ken"}
    office.post(ADD_REGISTRY, registry_form(**form, client_cert=cert, client_key=key))
    row = Registry.objects.get()
    assert row.identity_token == "1dentity-t0ken"
    assert row.client_key.strip() == key.strip()
    page = rows.text(office, f"/admin/updates/registry/{row.pk}/change/")
    assert "1dentity-t0ken" not in page
    assert "PRIVATE KEY" not in page
    assert "client certificate" in page


def test_a_client_key_is_saved_and_never_sent_back(office: Client) -> None:
    authority = trustme.CA()
    cert, key = pem_pair(authority)
    ca = authority.cert_pem.bytes().decode()
    office.post(ADD_HOST, host_form(tls_ca=ca, tls_cert=cert, tls_key=key))
    row = Host.objects.get()
    assert row.tls_key.strip() == key.strip()
    page = rows.text(office, f"/admin/updates/host/{row.pk}/change/")
    assert "PRIVATE KEY" not in page
    path = f"/admin/updates/host/{row.pk}/change/"
    assert office.post(path, host_form(tls_ca=ca, tls_cert=cert)).status_code == 302
    row.refresh_from_db()
    assert row.tls_key.strip() == key.strip(), "an empty field keeps it"


def test_tls_material_that_cannot_be_used_is_refused_at_its_field(office: Client) -> None:
    cert, _ = pem_pair(trustme.CA())
    _, strange_key = pem_pair(trustme.CA())
    for form, field in (
        (host_form(tls_ca="rubbish"), "tls_ca"),
        (host_form(tls_ca="Grüße"), "tls_ca"),
        (host_form(tls_cert=cert, tls_key=strange_key), "tls_cert"),
        (host_form(tls_cert="x", tls_key="y"), "tls_cert"),
    ):
        page = office.post(ADD_HOST, form).text
        assert list(errors(page)) == [field]
        assert "PRIVATE KEY" not in page
    assert not Host.objects.exists()


def test_half_a_client_certificate_is_refused(office: Client) -> None:
    assert "belong together" in office.post(ADD_HOST, host_form(tls_cert="x")).text
    assert not Host.objects.exists()


def test_an_address_that_no_engine_can_have_is_refused_at_its_field(office: Client) -> None:
    page = office.post(ADD_HOST, host_form(url="ftp://nas")).text
    assert errors(page)["url"].startswith("An engine's address starts with") or (
        errors(page)["url"].startswith("An engine&#x27;s address starts with")
    )
