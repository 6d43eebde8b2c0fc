"""The list of registries, in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Registry

NOW = timezone.now()


def test_only_who_may_see_registries_sees_them(
    clerk: Callable[..., Client], signed_in: Client
) -> None:
    rows.registry()
    for address in ("/registries/", "/registries/1/"):
        assert signed_in.get(address).status_code == 403
    assert 'href="/registries/"' not in rows.text(signed_in, "/containers/")
    reader = clerk("view_registry")
    assert 'href="/registries/"' in rows.text(reader, "/containers/")
    page = rows.text(reader, "/registries/")
    assert "registry.example.com" in page
    for way in ("/registries/add/", "/registries/import/", "/tokens/"):
        assert f'href="{way}"' not in page
        assert reader.get(way).status_code == 403


def test_an_empty_list_teaches_where_registries_come_from(admin_client: Client) -> None:
    page = rows.text(admin_client, "/registries/")
    assert "appears by itself, anonymous, when an image of it is first checked" in page
    assert 'href="/registries/add/"' in page
    assert 'href="/registries/import/"' in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ["Never asked", "anonymous", "system CAs"]),
        ({"answered_at": NOW, "latency_ms": 212}, [">OK<", "212 ms"]),
        (
            {"failed_at": NOW, "last_error": "It refused the password."},
            [">Failing<", "It refused the password."],
        ),
        (
            {"paused_until": NOW + timedelta(days=1), "pause_reason": "No more requests."},
            ["Waits until", "No more requests."],
        ),
        (
            {"budget_limit": 100, "budget_remaining": 98},
            ["98 of 100 left", 'value="98" aria-label="Left of the rate limit of'],
        ),
        (
            {"ca_pem": "x", "ca_expires_at": NOW - timedelta(days=1)},
            ["A CA certificate expired on"],
        ),
        ({"client_expires_at": NOW + timedelta(days=9)}, ["A client certificate expires on"]),
        (
            {"certificate_expires_at": NOW + timedelta(days=23, hours=9)},
            [
                "Certificate:",
                ">23 days left<",
                f'title="{NOW + timedelta(days=23, hours=9):%Y-%m-%d}',
            ],
        ),
        ({"certificate_expires_at": NOW + timedelta(hours=9)}, [">less than a day left<"]),
        ({"certificate_expires_at": NOW - timedelta(days=1)}, [">ended<"]),
        ({"sign_in": "accepted", "signed_in_as": "acme"}, ["signed in as acme"]),
        ({"sign_in": "accepted"}, ["signed in with an identity token"]),
        ({"sign_in": "refused", "sign_in_refusal": "It wants one."}, ["refused: It wants one."]),
        ({"plain_http": True}, ["none: plain HTTP", ">Insecure<"]),
        ({"trust": "insecure"}, ["not checked", ">Insecure<"]),
        ({"kind": "harbor", "username": "robot$x", "password": "p4ss"}, ["Harbor", "robot$x"]),
        ({"kind": "ecr"}, ["short-lived", "own role"]),
    ],
)
def test_a_row_is_in_words(facts: dict[str, Any], words: list[str], admin_client: Client) -> None:
    rows.registry(**facts)
    page = rows.text(admin_client, "/registries/")
    for word in words:
        assert word in page
    assert "p4ss" not in page


def test_a_registry_that_is_not_checked_by_the_settings_is_insecure_too(
    admin_client: Client, settings: Any
) -> None:
    row = rows.registry()
    for address in ("/registries/", row.get_absolute_url(), f"{row.get_absolute_url()}change/"):
        assert ">Insecure<" not in rows.text(admin_client, address)
    settings.WATCHWEB_INSECURE_REGISTRY = True
    for address in ("/registries/", row.get_absolute_url(), f"{row.get_absolute_url()}change/"):
        assert ">Insecure<" in rows.text(admin_client, address)


def test_the_images_of_each_are_counted_once(admin_client: Client) -> None:
    rows.registry("a.example")
    rows.registry("a.example.com")
    rows.answer("a.example/x:1")
    rows.answer("a.example/x:1", via="http://mirror.example")
    rows.answer("a.example/y:1")
    page = rows.text(admin_client, "/registries/?q=a.example")
    counts = [part.partition("<")[0] for part in page.split('data-label="Images">')[1:]]
    assert counts == ["2", "0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=hub", []),
        ("q=docker", ["docker.io"]),
        ("q=robot", ["harbor.example.com"]),
        ("kind=harbor", ["harbor.example.com"]),
        ("kind=nonsense", ["docker.io", "harbor.example.com"]),
        ("sort=-domain", ["harbor.example.com", "docker.io"]),
        ("page=99", ["docker.io", "harbor.example.com"]),
    ],
)
def test_the_address_says_what_is_shown(query: str, found: list[str], admin_client: Client) -> None:
    made = [
        rows.registry("docker.io", kind="docker-hub"),
        rows.registry("harbor.example.com", kind="harbor", username="robot$x", password="p"),
    ]
    page = rows.text(admin_client, f"/registries/?{query}")
    places = {row.domain: page.find(f'href="{row.get_absolute_url()}"') for row in made}
    shown = [domain for domain in sorted(places, key=lambda one: places[one]) if places[domain] > 0]
    assert shown == found
    if not found:
        assert "No registry fits this search." in page


def test_no_secret_is_even_read(admin_client: Client, settings: Any) -> None:
    """With other keys a saved secret cannot be read; the list does not try."""
    rows.registry(username="u", password="p")
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    assert "registry.example.com" in rows.text(admin_client, "/registries/")
    assert "registry.example.com" in rows.text(
        admin_client, Registry.objects.defer("password").get().get_absolute_url()
    )
