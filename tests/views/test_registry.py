"""The page of one registry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import trustme
from django.test import Client
from django.utils import timezone

from tests.registry import certificate_files
from tests.views import rows

CA = trustme.CA(organization_name="Example Works")
CA_PEM = CA.cert_pem.bytes().decode()


def test_it_says_what_the_registry_is_and_whom_it_trusts(admin_client: Client) -> None:
    row = rows.registry(
        "docker.io", kind="docker-hub", username="acme", password="hunter2", realm_hosts="a.io"
    )
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    for fact in ("Docker Hub", "registry-1.docker.io", "acme", "system CAs", "a.io"):
        assert fact in page
    assert "hunter2" not in page


def test_its_certificates_are_described_and_never_its_key(admin_client: Client) -> None:
    client = CA.issue_cert("client@example.com")
    row = rows.registry(
        ca_pem=CA_PEM,
        trust="ca",
        client_cert=client.cert_chain_pems[0].bytes().decode(),
        client_key=client.private_key_pem.bytes().decode(),
    )
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    assert page.count("issued by O=Example Works") + page.count("O=Example Works</small>") >= 2
    assert ">CA<" in page
    assert ">client<" in page
    assert "until <time" in page
    assert "SHA-256" in page
    assert "PRIVATE KEY" not in page


@pytest.mark.parametrize(("ends", "marked"), [(-1, ">Expired<"), (9, ">Expires soon<"), (90, None)])
def test_a_certificate_that_has_expired_stays_to_be_seen(
    ends: int, marked: str | None, admin_client: Client
) -> None:
    age = timezone.now() - certificate_files.NOW
    made = certificate_files.certificate(
        "Cellar CA", starts=age - timedelta(days=99), ends=age + timedelta(days=ends)
    )
    row = rows.registry()
    type(row).objects.filter(pk=row.pk).update(ca_pem=certificate_files.pem(made), trust="ca")
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    assert "CN=Cellar CA" in page
    for words in (">Expired<", ">Expires soon<"):
        assert (words in page) == (words == marked)


def test_the_rate_limit_is_in_words(admin_client: Client) -> None:
    now = timezone.now()
    row = rows.registry(
        budget_limit=100,
        budget_remaining=0,
        budget_window_s=21600,
        budget_seen_at=now - timedelta(minutes=4),
        budget_resets_at=now + timedelta(hours=30),
        paused_until=now + timedelta(hours=30),
        pause_reason="It allows no more requests.",
    )
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    day = f"{now + timedelta(hours=30):%Y-%m-%d %H:%M}"
    assert "0 of 100 per 6 hours" in page
    assert f"It waits until {day}. It allows no more requests." in page
    assert "4\xa0minutes ago" in page


def test_a_registry_without_a_limit_says_so(admin_client: Client) -> None:
    assert "none named" in rows.text(admin_client, rows.registry().get_absolute_url())


def test_its_health_is_its_last_answer_and_its_last_failure(admin_client: Client) -> None:
    now = timezone.now()
    row = rows.registry(
        answered_at=now - timedelta(hours=2),
        latency_ms=35,
        failed_at=now - timedelta(minutes=3),
        last_error="It cannot be reached.",
    )
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    for words in (">Failing<", "2\xa0hours ago", "in 35 ms", "3\xa0minutes ago"):
        assert words in page
    assert page.count("It cannot be reached.") == 2, "at the top, and in its place"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ["<dd>not tried yet</dd>", "<dd>not seen yet</dd>"]),
        ({"sign_in": "anonymous"}, ["<dd>anonymous</dd>"]),
        (
            {"sign_in": "anonymous", "fingerprint": "f1"},
            ["<dd>anonymous: it does not ask who is there</dd>"],
        ),
        ({"sign_in": "accepted", "signed_in_as": "acme"}, ["<dd>signed in as acme</dd>"]),
        (
            {"sign_in": "refused", "sign_in_refusal": "Correct the password."},
            ["<dd>refused<", "Correct the password."],
        ),
        ({"plain_http": True}, ["none (plain HTTP)"]),
    ],
)
def test_its_health_tells_what_became_of_the_sign_in(
    facts: dict[str, Any], words: list[str], admin_client: Client
) -> None:
    page = rows.text(admin_client, rows.registry(**facts).get_absolute_url())
    for word in words:
        assert word in page


def test_its_own_certificate_is_told_with_its_end(admin_client: Client) -> None:
    end = timezone.now() + timedelta(days=9, hours=1)
    row = rows.registry(
        certificate_expires_at=end,
        certificate_issuer="CN=<b>R11</b>",
        certificate_subject="CN=registry.example.com",
    )
    page = rows.text(admin_client, row.get_absolute_url())
    assert f'title="{end:%Y-%m-%d %H:%M:%S} UTC">9 days left<' in page
    assert "issued by CN=&lt;b&gt;R11&lt;/b&gt;" in page
    assert "issued to CN=registry.example.com" in page
    assert f"The certificate of the registry itself ends on {end:%Y-%m-%d}." in page


def test_its_images_are_shown_with_their_answers(admin_client: Client) -> None:
    row = rows.registry()
    rows.answer("registry.example.com/good:1")
    rows.answer("registry.example.com/mirrored:1", via="http://mirror.example")
    rows.answer(
        "registry.example.com/gone:1",
        error="There is no such tag.",
        answered_at=timezone.now() - timedelta(days=3),
    )
    rows.answer("registry.example.com.evil/other:1")
    page = rows.text(admin_client, f"/registries/{row.pk}/").replace("<wbr>", "")
    assert "registry.example.com/good:1" in page
    assert "by the mirror http://mirror.example" in page
    assert "There is no such tag. Last good answer: 3\xa0days ago" in page
    assert f'title="{rows.DIGEST}">1f1f1f1f1f1f<' in page
    assert "evil" not in page


def test_images_and_tokens_have_pages_of_their_own(admin_client: Client) -> None:
    row = rows.registry()
    for number in range(30):
        rows.answer(f"registry.example.com/image-{number:02}:1")
        rows.token(scope=f"scope-{number:02}")
    page = rows.text(admin_client, f"/registries/{row.pk}/?image-page=2").replace("<wbr>", "")
    assert 'aria-label="Check registry.example.com/image-29:1 again"' in page
    assert 'aria-label="Check registry.example.com/image-00:1 again"' not in page
    assert "scope-00" in page
    assert "scope-29" not in page


def test_its_tokens_are_shown_to_those_who_may_see_them(
    clerk: Callable[..., Client], admin_client: Client
) -> None:
    row = rows.registry()
    rows.token(scope="repository:team/app:pull")
    rows.token("elsewhere.example.com", scope="repository:other:pull")
    page = rows.text(admin_client, f"/registries/{row.pk}/").replace("<wbr>", "")
    assert "repository:team/app:pull" in page
    assert "repository:other:pull" not in page
    assert (
        f'href="/tokens/flush/?registry=registry.example.com&amp;next=/registries/{row.pk}/"'
        in (page)
    )
    assert rows.SECRET_TOKEN not in page
    assert "team" not in rows.text(clerk("view_registry"), f"/registries/{row.pk}/")


def test_who_may_only_look_finds_nothing_to_press(clerk: Callable[..., Client]) -> None:
    row = rows.registry()
    rows.answer("registry.example.com/app:1")
    page = rows.text(clerk("view_registry", "view_registrytoken"), f"/registries/{row.pk}/")
    assert "<form" not in page.partition("<main")[2]
    for way in ("change/", "delete/", "test/", "check/"):
        assert f"/registries/{row.pk}/{way}" not in page
