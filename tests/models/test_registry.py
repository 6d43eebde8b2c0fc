"""A registry's row: what it refuses, what a change of credentials takes along, whom it trusts."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.registry.certificate_files import NOW as FILES_NOW
from tests.registry.certificate_files import certificate, pem
from updates.models import Registry, RegistryToken
from updates.models.trust import complaint_about_trust, ending_soon, why_left_out
from updates.registry.tls.trust import TrustMode

YEARS = timedelta(days=-9000)


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA(organization_name="Lab CA")


def pem_of(ca: trustme.CA) -> str:
    return ca.cert_pem.bytes().decode()


def registry(**facts: object) -> Registry:
    row = Registry(domain="registry.example.com:5000", **facts)
    row.full_clean()
    row.save()
    return row


def token(row: Registry) -> RegistryToken:
    return RegistryToken.objects.create(
        registry=row.address, realm="https://auth", scope="s", value="t"
    )


@pytest.mark.parametrize(
    "change",
    [{"username": "other"}, {"password": "other"}, {"password": "", "identity_token": "refresh"}],
)
def test_other_credentials_drop_the_tokens_that_the_old_ones_got(
    change: dict[str, str], db: None
) -> None:
    row = registry(username="me", password="secret")
    Registry.objects.create(domain="ghcr.io")
    token(row)
    kept = RegistryToken.objects.create(registry="ghcr.io", realm="https://auth", value="t")

    for name, value in change.items():
        setattr(row, name, value)
    row.save()

    assert list(RegistryToken.objects.all()) == [kept]


def test_docker_hubs_tokens_are_filed_under_the_host_of_its_api(db: None) -> None:
    hub = Registry.objects.create(domain="docker.io", username="me", password="secret")
    RegistryToken.objects.create(registry="registry-1.docker.io", realm="https://auth", value="t")

    hub.password = "other"
    hub.save()

    assert not RegistryToken.objects.exists()


def test_any_other_change_keeps_the_tokens_and_the_pause(db: None) -> None:
    row = registry(username="me", password="secret")
    token(row)
    Registry.objects.update(paused_until=timezone.now() + timedelta(hours=1))
    row.refresh_from_db()

    row.realm_hosts = "auth.example.com"
    row.save()

    assert RegistryToken.objects.count() == 1
    assert row.is_paused


def test_other_credentials_lift_the_pause_that_the_old_ones_earned(db: None) -> None:
    row = registry()
    row.paused_until, row.budget_limit, row.budget_remaining = timezone.now(), 100, 0
    row.save()

    row.username, row.password = "me", "secret"
    row.save()

    saved = Registry.objects.get()
    assert not saved.is_paused
    assert saved.paused_until is None
    assert saved.budget_percent is None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"username": "me"}, "belong together"),
        ({"password": "secret"}, "belong together"),
        ({"username": "me", "password": "a", "identity_token": "b"}, "not both"),
        ({"trust": "ca"}, "needs a CA certificate"),
        ({"client_cert": "x"}, "belong together"),
        ({"client_cert": "x", "client_key": "y"}, "client certificate"),
        ({"ca_pem": "rubbish"}, "not PEM"),
    ],
)
def test_what_cannot_work_is_refused_with_its_sentence(
    facts: dict[str, str], sentence: str
) -> None:
    row = Registry(domain="registry.example.com", **facts)

    with pytest.raises(ValidationError) as caught:
        row.full_clean(validate_unique=False, validate_constraints=False)

    assert sentence in str(caught.value)


def test_a_kinds_own_user_name_stands_for_an_empty_one(db: None) -> None:
    row = Registry(domain="europe-docker.pkg.dev", kind="google", password="ya29.token")

    with pytest.raises(ValidationError):
        row.full_clean()

    assert row.username


def test_the_day_a_ca_ends_is_kept_for_the_warning(ca: trustme.CA, db: None) -> None:
    row = registry(ca_pem=pem_of(ca))

    assert row.trust == Registry.Trust.SYSTEM_AND_CA
    assert row.ca_expires_at
    assert not row.expiring()
    row.ca_expires_at = timezone.now() + timedelta(days=29)
    assert row.expiring() == [f"A CA certificate expires on {row.ca_expires_at:%Y-%m-%d}."]
    row.ca_expires_at = datetime(2020, 1, 2, tzinfo=UTC)
    assert row.expiring() == ["A CA certificate expired on 2020-01-02."]
    row.ca_pem = ""
    row.save()
    assert row.ca_expires_at is None


def test_a_client_certificate_is_judged_and_its_end_kept(ca: trustme.CA, db: None) -> None:
    issued = ca.issue_cert("client@lab.test")
    certificate = issued.cert_chain_pems[0].bytes().decode()
    key = issued.private_key_pem.bytes().decode()

    row = registry(client_cert=certificate, client_key=key)

    assert row.client_expires_at
    client = row.config().client_certificate
    assert client
    assert client.certificate_pem == certificate
    assert key not in repr(row.config())


def test_the_settings_trust_is_for_registries_without_one_of_their_own(
    ca: trustme.CA, settings: Settings, tmp_path: Path
) -> None:
    everywhere = trustme.CA(organization_name="Company CA")
    path = tmp_path / "ca.pem"
    path.write_text(pem_of(everywhere))
    settings.WATCHWEB_REGISTRY_CA = str(path)
    plain = Registry(domain="a.example.com")
    own = Registry(domain="b.example.com", ca_pem=pem_of(ca), trust="system+ca")
    alone = Registry(domain="c.example.com", ca_pem=pem_of(ca), trust="ca")
    insecure = Registry(domain="d.example.com", trust="insecure")

    assert plain.config().trust is TrustMode.SYSTEM_AND_CA
    assert plain.config().ca_pem.strip() == pem_of(everywhere).strip()
    assert pem_of(ca) in own.config().ca_pem
    assert pem_of(everywhere) in own.config().ca_pem
    assert alone.config().ca_pem == pem_of(ca)
    assert insecure.config().trust is TrustMode.INSECURE

    settings.WATCHWEB_INSECURE_REGISTRY = True
    assert plain.config().trust is TrustMode.INSECURE
    assert own.config().trust is TrustMode.SYSTEM_AND_CA
    assert alone.config().trust is TrustMode.CA_ONLY


def test_a_bundle_that_cannot_be_used_is_left_out_and_it_is_known_why(
    settings: Settings, tmp_path: Path
) -> None:
    settings.WATCHWEB_REGISTRY_CA = str(tmp_path / "missing.pem")

    config = Registry(domain="a.example.com").config()

    assert (config.trust, config.ca_pem) == (TrustMode.SYSTEM, "")
    assert "missing.pem" in why_left_out()
    assert "does not exist" in why_left_out()


def test_what_has_expired_in_a_bundle_is_left_out_and_the_rest_is_used(
    ca: trustme.CA, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "ca.pem"
    old = pem(certificate("Old CA", starts=YEARS, ends=timedelta(days=-8000)))
    path.write_text(old + pem_of(ca))
    settings.WATCHWEB_REGISTRY_CA = str(path)

    assert Registry(domain="a.example.com").config().ca_pem.strip() == pem_of(ca).strip()
    assert why_left_out() == ""
    assert "Old CA" in complaint_about_trust(), "validation is stricter"


def test_a_bundle_that_ends_soon_is_told(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    day = timezone.now() + timedelta(days=20)
    path.write_text(pem(certificate(starts=YEARS, ends=day - FILES_NOW)))
    settings.WATCHWEB_REGISTRY_CA = str(path)

    assert ending_soon() == f"A certificate of it ends on {day:%Y-%m-%d}."
    path.write_text(pem(certificate(starts=YEARS, ends=day + timedelta(days=20) - FILES_NOW)))
    os.utime(path, (1, 1))
    assert ending_soon() == ""
