"""A host is added and changed on a page; what is wrong shows where it is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from trustme import CA

from tests.fakes.engine_server import LISTED, EngineServer
from tests.views import rows
from updates.models import Host


def typed(**facts: object) -> dict[str, object]:
    return {"name": "attic", "url": "ssh://me@attic", "enabled": "on"} | facts


@pytest.fixture(scope="module")
def identity() -> dict[str, bytes]:
    """A CA, a client certificate and its key."""
    authority = CA()
    leaf = authority.issue_cert("client.example.com")
    return {
        "tls_ca": authority.cert_pem.bytes(),
        "tls_cert": leaf.cert_chain_pems[0].bytes(),
        "tls_key": leaf.private_key_pem.bytes(),
    }


def test_one_is_added_and_its_page_follows(admin_client: Client, db: None) -> None:
    answer = admin_client.post("/hosts/add/", typed())
    row = Host.objects.get()
    assert answer.headers["Location"] == f"/hosts/{row.pk}/#test"
    assert (row.name, row.url, row.enabled) == ("attic", "ssh://me@attic", True)


def test_files_are_taken_as_well_as_pasted_text(
    admin_client: Client, identity: dict[str, bytes]
) -> None:
    files = {f"{name}_file": SimpleUploadedFile("x.pem", pem) for name, pem in identity.items()}
    admin_client.post("/hosts/add/", typed(url="tcp://attic:2376", **files))
    row = Host.objects.get()
    for name, pem in identity.items():
        assert getattr(row, name).encode() == pem


def test_the_key_is_kept_and_never_sent_back(
    admin_client: Client, identity: dict[str, bytes]
) -> None:
    pems = {name: pem.decode() for name, pem in identity.items()}
    admin_client.post("/hosts/add/", typed(url="tcp://attic:2376", **pems))
    row = Host.objects.get()
    address = f"/hosts/{row.pk}/change/"
    assert "PRIVATE KEY" not in rows.text(admin_client, address)
    assert "One is saved, encrypted and never shown." in rows.text(admin_client, address)
    admin_client.post(address, typed(url="tcp://cellar:2376", **pems | {"tls_key": ""}))
    row.refresh_from_db()
    assert row.url == "tcp://cellar:2376"
    assert row.tls_key.strip() == pems["tls_key"].strip()
    refused = admin_client.post(address, typed(url="nonsense", **pems)).content.decode()
    assert "Nothing was saved yet." in refused
    assert "PRIVATE KEY" not in refused


def test_a_file_that_is_no_text_is_refused_where_it_was_chosen(
    admin_client: Client, db: None
) -> None:
    upload = SimpleUploadedFile("x.der", b"\xff\xfe\x00")
    page = admin_client.post("/hosts/add/", typed(tls_ca_file=upload)).content.decode()
    assert "This is no text file; PEM is asked for." in page
    assert 'id="id_tls_ca_file_error"' in page
    assert not Host.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("name", "two words", "Enter a valid"),
        ("name", "nas", "already exists"),
        ("url", "ftp://x", "starts with unix://"),
        ("tls_ca", "rubbish", "This is no CA certificate"),
        ("url", "ssh://me@x", ""),
    ],
)
def test_a_field_is_checked_alone_as_one_leaves_it(
    admin_client: Client, host: Host, name: str, value: str, complaint: str
) -> None:
    page = admin_client.post(f"/hosts/field/{name}/", {name: value}).content.decode()
    assert complaint in page
    assert ("trouble" in page) == bool(complaint)
    assert "This field is required" not in page
    assert Host.objects.count() == 1


def test_its_own_name_is_no_clash(admin_client: Client, host: Host) -> None:
    address = f"/hosts/field/name/{host.pk}/"
    assert "trouble" not in admin_client.post(address, {"name": "nas"}).content.decode()


def test_a_secret_is_not_checked_alone(admin_client: Client, db: None) -> None:
    assert admin_client.post("/hosts/field/tls_key/", {"tls_key": "x"}).status_code == 404


def test_a_test_of_what_was_typed_saves_and_notes_nothing(admin_client: Client, host: Host) -> None:
    with EngineServer(answers=dict(LISTED)) as server:
        sent = typed(name="nas", url=server.url, test="1")
        address = f"/hosts/{host.pk}/change/"
        page = admin_client.post(address, sent).content.decode()
        part = admin_client.post(address, sent, headers={"HX-Request": "true"}).content.decode()
    for said in (page, part):
        assert "Docker 99.0; API 1.41 is spoken." in said
    assert "<form" in page
    assert "<form" not in part
    host.refresh_from_db()
    assert (host.url, host.last_seen_at) == ("unix:///nowhere.sock", None)


def test_a_change_leaves_alone_what_a_worker_noted_meanwhile(
    admin_client: Client, host: Host
) -> None:
    Host.objects.update(last_error="Away.", latency_ms=7)
    admin_client.post(f"/hosts/{host.pk}/change/", typed(name="nas"))
    host.refresh_from_db()
    assert (host.url, host.last_error, host.latency_ms) == ("ssh://me@attic", "Away.", 7)
