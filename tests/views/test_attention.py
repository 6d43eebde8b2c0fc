"""What the dashboard says needs a person."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.registry.certificate_files import KEY_PEM
from tests.views import rows
from updates.models import Host, Registry

NOW = timezone.now()


@pytest.fixture
def host(host: Host) -> Host:
    """One that was scanned: an installation that never scanned shows the first steps."""
    Host.objects.update(scanned_at=NOW)
    host.refresh_from_db()
    return host


def section(client: Client, address: str = "/") -> str:
    """The words of the section; "" when it is not there."""
    page = rows.text(client, address)
    found = re.search(r'aria-labelledby="attention">(.*?)</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def test_with_nothing_to_do_it_is_not_there(admin_client: Client, host: Host) -> None:
    own = NOW + timedelta(days=15)
    rows.registry(
        answered_at=NOW, ca_expires_at=NOW + timedelta(days=31), certificate_expires_at=own
    )
    assert section(admin_client) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"ca_expires_at": NOW + timedelta(days=29)}, ["A CA certificate expires on", "soon"]),
        ({"ca_expires_at": NOW - timedelta(days=1)}, ["A CA certificate expired on", "Expired"]),
        ({"client_expires_at": NOW + timedelta(days=1)}, ["A client certificate expires on"]),
        (
            {"paused_until": NOW + timedelta(hours=48)},
            ["rate limit is used up; it is asked again from 20", "Waits"],
        ),
        ({"failed_at": NOW, "last_error": "It is away."}, ["It is away.", "Failing"]),
        (
            {"certificate_expires_at": NOW + timedelta(days=13)},
            ["The certificate of the registry itself ends on", "soon"],
        ),
        (
            {"certificate_expires_at": NOW - timedelta(days=1)},
            ["The certificate of the registry itself ended on", "Expired"],
        ),
        (
            {"answered_at": NOW, "sign_in": "refused", "sign_in_refusal": "It wants a login."},
            ["Refused", "It wants a login.", "Correct it"],
        ),
        ({"plain_http": True}, ["Plain HTTP: everything is sent unencrypted", "Insecure"]),
        ({"trust": "insecure"}, ["Its certificate is not checked", "Insecure"]),
    ],
)
def test_each_trouble_of_a_registry_is_named_and_leads_to_its_page(
    facts: dict[str, Any], words: list[str], admin_client: Client, host: Host
) -> None:
    row = rows.registry(**facts)
    said = section(admin_client)
    assert said.startswith("Needs you")
    for word in ("registry.example.com", *words):
        assert word in said
    assert f'<a href="/registries/{row.pk}/">' in rows.text(admin_client, "/")
    assert said == section(admin_client, "/overview/")


def test_refused_credentials_are_named_once(admin_client: Client, host: Host) -> None:
    refusal = "It refuses the password."
    rows.registry(failed_at=NOW, last_error=refusal, sign_in="refused", sign_in_refusal=refusal)
    assert section(admin_client).count(refusal) == 1


def test_the_settings_for_all_registries_are_named_once(
    admin_client: Client, host: Host, settings: Any, tmp_path: Path
) -> None:
    rows.registry("a.example")
    rows.registry("b.example")
    settings.WATCHWEB_INSECURE_REGISTRY = True
    assert section(admin_client).count("WATCHWEB_INSECURE_REGISTRY is on") == 1
    assert "a.example" not in section(admin_client)
    bundle = tmp_path / "ca.pem"
    bundle.write_text(KEY_PEM)
    settings.WATCHWEB_REGISTRY_CA = str(bundle)
    said = section(admin_client)
    assert f"WATCHWEB_REGISTRY_CA ({bundle}):" in said
    assert "Left out" in said
    assert said.index("Left out") < said.index("Insecure"), "the worst comes first"


def test_who_may_not_see_registries_hears_nothing_of_them(
    clerk: Callable[..., Client], signed_in: Client, host: Host
) -> None:
    rows.registry(plain_http=True)
    assert section(signed_in) == ""
    assert "registry.example.com" not in rows.text(signed_in, "/")
    assert "Plain HTTP" in section(clerk("view_registry"))


def test_of_many_five_are_shown_and_the_rest_is_folded(admin_client: Client, host: Host) -> None:
    for number in range(11):
        rows.registry(f"registry-{number:02}.example.com", plain_http=True)
    said = section(admin_client)
    first, folded = said.split("6 more")
    assert (first.count("Plain HTTP"), folded.count("Plain HTTP")) == (5, 6)


@pytest.mark.parametrize(
    "change",
    [
        {"failed_at": NOW, "last_error": "It is away."},
        {"paused_until": NOW + timedelta(hours=1)},
        {"ca_expires_at": NOW},
        {"certificate_expires_at": NOW},
        {"sign_in": "refused"},
        {"plain_http": True},
    ],
)
def test_the_overview_is_new_once_a_registry_is(
    change: dict[str, Any], admin_client: Client, host: Host
) -> None:
    row = rows.registry()
    etag = admin_client.get("/overview/").headers["ETag"]

    def status() -> int:
        return admin_client.get("/overview/", headers={"If-None-Match": etag}).status_code

    assert status() == 304
    Registry.objects.filter(pk=row.pk).update(**change)
    assert status() == 200
