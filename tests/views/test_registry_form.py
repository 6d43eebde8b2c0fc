"""Adding and changing a registry on the pages."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import trustme
from django.test import Client

from tests.views import rows
from updates.models import Registry, RegistryToken

ADD = "/registries/add/"
SECRET = "hunter2-hunter2"
CA = trustme.CA(organization_name="Example Works")
CA_PEM = CA.cert_pem.bytes().decode()


def sent(**changes: str) -> dict[str, str]:
    form = {"domain": "registry.example.com", "kind": "generic", "trust": "system"}
    return form | {"username": "robot", "password": SECRET} | changes


def errors(page: str) -> dict[str, str]:
    """The reasons beside the fields, by the field's name."""
    found = re.findall(r'id="id_(\w+)_error">(.*?)</span>', page, re.DOTALL)
    return {name: html.unescape(re.sub(r"<[^>]+>", "", text)).strip() for name, text in found}


def label(page: str, field: str) -> str:
    found = re.search(rf'<label for="id_{field}">(.*?)</label>', page)
    return found[1] if found else ""


def test_a_registry_is_added_and_shown(admin_client: Client) -> None:
    answer = admin_client.post(ADD, sent(ca_pem=CA_PEM), follow=True)
    row = Registry.objects.get()
    assert answer.redirect_chain == [(f"/registries/{row.pk}/", 302)]
    assert "registry.example.com was added." in answer.text
    assert (row.username, row.password, row.trust) == ("robot", SECRET, "system+ca")
    assert SECRET not in answer.text


def test_a_change_keeps_what_is_not_shown(admin_client: Client) -> None:
    client = CA.issue_cert("client@example.com")
    cert = client.cert_chain_pems[0].bytes().decode()
    key = client.private_key_pem.bytes().decode()
    row = rows.registry(username="robot", password="old", client_cert=cert, client_key=key)
    address = f"/registries/{row.pk}/change/"
    page = rows.text(admin_client, address)
    assert "old" not in re.findall(r'value="(.*?)"', page)
    assert "PRIVATE KEY" not in page
    assert page.count("One is saved, encrypted and never shown.") == 2
    admin_client.post(address, sent(password="", client_cert=cert, username="other"))
    row.refresh_from_db()
    assert (row.username, row.password) == ("other", "old")
    assert row.client_key.strip() == key.strip()
    admin_client.post(address, sent(username="", password="clear", client_cert=cert))
    row.refresh_from_db()
    assert (row.username, row.password) == ("", "")


def test_other_credentials_drop_the_tokens(admin_client: Client) -> None:
    row = rows.registry(username="robot", password="old")
    rows.token()
    rows.token("elsewhere.example.com")
    admin_client.post(f"/registries/{row.pk}/change/", sent(password="new"))
    assert [token.registry for token in RegistryToken.objects.all()] == ["elsewhere.example.com"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"domain": "https://x.example/y"}, "domain", "Give the registry as it stands"),
        ({"domain": "taken.example.com"}, "domain", "already exists"),
        ({"domain": ""}, "domain", "required"),
        ({"kind": "nonsense"}, "kind", "Select a valid choice"),
        ({"ca_pem": "rubbish"}, "ca_pem", "."),
        ({"trust": "ca"}, "ca_pem", "This kind of trust needs a CA certificate."),
        ({"client_cert": CA_PEM}, "client_cert", "belong together"),
        ({"client_cert": "x", "client_key": "y"}, "client_cert", "."),
        ({"kind": "ecr"}, "domain", "This is no private ECR registry"),
        ({"username": "a:b"}, "username", "no colon"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(
    changes: dict[str, str], field: str, sentence: str, admin_client: Client
) -> None:
    rows.registry("taken.example.com")
    page = admin_client.post(ADD, sent(**changes)).text
    assert sentence in errors(page)[field]
    assert "Nothing was saved yet." in page
    assert SECRET not in page
    assert Registry.objects.count() == 1


@pytest.mark.parametrize(
    "changes", [{"password": ""}, {"identity_token": "t0k3n", "password": SECRET}]
)
def test_half_credentials_are_refused_above_the_form(
    changes: dict[str, str], admin_client: Client
) -> None:
    page = admin_client.post(ADD, sent(**changes)).text
    assert re.search(r'role="alert">Nothing was saved yet. [^<]+\.<', page)
    assert "t0k3n" not in page


def test_a_refused_change_leaves_the_heading_and_the_row_as_they_are(
    admin_client: Client,
) -> None:
    row = rows.registry()
    page = admin_client.post(f"/registries/{row.pk}/change/", sent(domain="x y")).text
    assert "<h1>Change registry.example.com" in page
    assert 'value="x y"' in page
    row.refresh_from_db()
    assert row.domain == "registry.example.com"


@pytest.mark.parametrize(
    ("kind", "user", "secret"),
    [
        ("generic", "User name", "Password or token"),
        ("harbor", "Robot account", "Robot secret"),
        ("ecr", "Access key ID", "Secret access key"),
        ("google", "User name", "JSON key of a service account"),
        ("nonsense", "User name", "Password or token"),
    ],
)
def test_the_labels_follow_the_kind(
    kind: str, user: str, secret: str, admin_client: Client
) -> None:
    part = rows.text(admin_client, f"/registries/fields/?kind={kind}&domain=x.example&username=me")
    assert (label(part, "username"), label(part, "password")) == (user, secret)
    assert 'value="me"' in part
    assert "<html" not in part
    assert ("<textarea" in part) == (kind == "google"), "a key file has many lines"


def test_without_scripts_a_button_shows_the_fields_of_a_kind(admin_client: Client) -> None:
    page = admin_client.post(ADD, sent(kind="harbor", domain="", show="1", realm_hosts="a.io")).text
    assert label(page, "password") == "Robot secret"
    assert "Nothing was saved yet" not in page, "nobody is told off for what is not typed yet"
    assert 'value="a.io"' in page
    assert "<details" in page
    assert " open>" in page
    assert SECRET not in page
    assert not Registry.objects.exists()


@pytest.mark.parametrize(
    ("query", "secret"),
    [
        ("domain=ghcr.io&kind=generic", "Personal access token (classic)"),
        ("domain=docker.io", "Access token"),
        ("domain=x.azurecr.io&kind=generic", "Password or client secret"),
        ("domain=x.example&kind=generic", None),
        ("domain=ghcr.io&kind=github", None),
        ("domain=ghcr.io&kind=harbor", None),
        ("domain=&kind=generic", None),
    ],
)
def test_a_known_domain_proposes_its_kind_to_who_has_chosen_none(
    query: str, secret: str | None, admin_client: Client
) -> None:
    answer = admin_client.get(f"/registries/fields/?{query}&propose=1")
    assert answer.status_code == (200 if secret else 204)
    if secret:
        assert label(answer.text, "password") == secret


def test_an_address_may_name_the_domain_to_add(admin_client: Client) -> None:
    page = rows.text(admin_client, f"{ADD}?domain=ghcr.io")
    assert 'value="ghcr.io"' in page
    assert label(page, "username") == "GitHub user name"


def test_what_few_need_is_folded_away_until_it_is_used(admin_client: Client) -> None:
    assert '<details class="card">' in rows.text(admin_client, ADD)
    row = rows.registry(plain_http=True)
    page = rows.text(admin_client, f"/registries/{row.pk}/change/")
    assert '<details class="card" open>' in page
    page = admin_client.post(ADD, sent(client_cert="x")).text
    assert '<details class="card" open>' in page, "an error is not hidden"


def test_every_control_has_a_label_and_its_words_are_tied_to_it(admin_client: Client) -> None:
    page = admin_client.post(ADD, sent(ca_pem="rubbish", domain="")).text
    controls = re.findall(r'<(?:input|select|textarea)(?![^>]*hidden)[^>]*id="(\w+)"', page)
    assert len(controls) == 11
    for control in controls:
        assert f'<label for="{control}">' in page
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        for name in described.split():
            assert f'id="{name}"' in page


@pytest.mark.parametrize(
    ("address", "right"),
    [
        (ADD, "add_registry"),
        ("/registries/fields/", "add_registry"),
        ("/registries/{pk}/change/", "change_registry"),
        ("/registries/{pk}/fields/", "change_registry"),
        ("/registries/{pk}/delete/", "delete_registry"),
    ],
)
def test_each_page_has_its_own_right(
    address: str, right: str, clerk: Callable[..., Client]
) -> None:
    address = address.format(pk=rows.registry().pk)
    every = {"add_registry", "change_registry", "delete_registry", "view_registry", "start_run"}
    assert clerk(right).get(address).status_code == 200
    others = clerk(*every - {right})
    assert others.get(address).status_code == 403
    if not address.endswith("fields/"):
        assert others.post(address, sent()).status_code == 403
    assert Registry.objects.count() == 1


def test_who_may_add_but_not_look_ends_on_the_dashboard(clerk: Callable[..., Client]) -> None:
    answer = clerk("add_registry").post(ADD, sent(), follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "registry.example.com was added." in answer.text


def test_deleting_says_what_depends_on_it_and_asks(admin_client: Client, host: Any) -> None:
    row = rows.registry()
    rows.container(host, "web", image="registry.example.com/web:1")
    rows.container(host, "db", image="postgres:17")
    rows.answer("registry.example.com/web:1")
    rows.token()
    rows.token("elsewhere.example.com")
    address = f"/registries/{row.pk}/delete/"
    page = rows.text(admin_client, address)
    assert "1 container on 1 host runs an image of it" in page
    assert "web on nas" in page
    assert "db on nas" not in page
    assert "1 kept token" in page
    assert Registry.objects.exists()
    answer = admin_client.post(address, follow=True)
    assert answer.redirect_chain == [("/registries/", 302)]
    assert "registry.example.com was deleted." in answer.text
    assert not Registry.objects.exists()
    assert [token.registry for token in RegistryToken.objects.all()] == ["elsewhere.example.com"]


def test_deleting_what_nothing_depends_on_says_so(admin_client: Client) -> None:
    page = rows.text(admin_client, f"/registries/{rows.registry().pk}/delete/")
    assert "No container runs an image of it now." in page


def test_a_private_key_pasted_with_a_ca_is_not_sent_back(admin_client: Client) -> None:
    key = CA.issue_cert("x.example.com").private_key_pem.bytes().decode()
    body = key.splitlines()[1]

    page = admin_client.post(ADD, sent(ca_pem=CA_PEM + key, client_cert=key)).content.decode()

    assert "private key" in errors(page)["ca_pem"]
    assert "PRIVATE KEY" not in page
    assert body not in page


def test_a_refused_form_asks_for_the_password_again(admin_client: Client) -> None:
    page = admin_client.post(ADD, sent(ca_pem="rubbish")).content.decode()

    assert SECRET not in page
    assert "enter it again" in page
    assert "enter it again" not in admin_client.get(ADD).content.decode()


def test_fields_that_come_alone_hold_no_button_that_enter_would_press(
    admin_client: Client,
) -> None:
    """A browser makes real elements of what a noscript in a swapped part holds."""
    fields = "/registries/fields/?kind=harbor&domain=h.example.com"
    part = admin_client.get(fields, headers={"HX-Request": "true"}).content.decode()

    assert "Harbor" in part
    assert "<button" not in part
    assert "Show fields" in admin_client.get(ADD).content.decode()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("domain", "registry.example.com", "already exists"),
        ("domain", "https://a.example.com/x", "Give the registry as it stands"),
        ("ca_pem", "rubbish", "is not PEM: it has no BEGIN line"),
        ("domain", "b.example.com", ""),
        ("ca_pem", "", ""),
    ],
)
def test_a_field_is_checked_alone_as_one_leaves_it(
    admin_client: Client, name: str, value: str, complaint: str
) -> None:
    rows.registry()
    page = admin_client.post(f"/registries/field/{name}/", {name: value}).content.decode()
    assert complaint in page
    assert ("trouble" in page) == bool(complaint)
    assert Registry.objects.count() == 1


def test_a_password_is_not_checked_alone(
    admin_client: Client, clerk: Callable[..., Client]
) -> None:
    assert admin_client.post("/registries/field/password/", {"password": "x"}).status_code == 404
    assert clerk().post("/registries/field/domain/", {"domain": "x"}).status_code == 403
