"""A check keeps the certificate that the registry showed, and who it was let in as."""

import ssl
from collections.abc import Iterator
from datetime import timedelta

import pytest
import trustme
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.fakes.registry import FakeRegistry
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from updates.models import Registry
from updates.registry.reference import Reference
from updates.registry.sign_in import SignInState
from updates.runs.registries import Registries

pytestmark = pytest.mark.django_db(transaction=True)
CA = trustme.CA(organization_name="Example Works")
COLUMN = "certificate_expires_at"


@pytest.fixture
def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def secure(certified: ssl.SSLContext) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=certified) as fake:
        fake.put("app")
        pem = CA.cert_pem.bytes().decode()
        Registry.objects.create(domain=fake.address, ca_pem=pem, trust=Registry.Trust.CA_ONLY)
        yield fake


@pytest.fixture
def plain() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        fake.put("app")
        Registry.objects.create(domain=fake.address, plain_http=True)
        yield fake


def checked(address: str, image: str = "app") -> Registry:
    """The registry's row after a check of one image."""
    registries = Registries(since=timezone.now())
    registries.resolve([Reference.parse(f"{address}/{image}")])
    registries.close()
    return Registry.objects.get(domain=address)


def sign_in_of(row: Registry) -> tuple[str, str, str]:
    return row.sign_in, row.signed_in_as, row.sign_in_refusal


def save_credentials(fake: FakeRegistry, password: str) -> None:
    row = Registry.objects.get(domain=fake.address)
    row.username, row.password = fake.username, password
    row.save()


def test_the_certificate_is_kept_and_so_is_its_successor(
    secure: FakeRegistry, certified: ssl.SSLContext
) -> None:
    before = checked(secure.address)
    assert before.certificate_expires_at
    assert "Example Works" in before.certificate_issuer
    assert secure.connections == 1
    end = timezone.now().replace(microsecond=0) + timedelta(days=9)
    CA.issue_cert("127.0.0.1", not_after=end).configure_cert(certified)

    after = checked(secure.address)

    assert after.certificate_expires_at == end
    assert after.own_ending() == f"The certificate of the registry itself ends on {end:%Y-%m-%d}."


def test_what_has_not_changed_is_not_written_again(secure: FakeRegistry) -> None:
    def updates() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            checked(secure.address)
        return [
            one["sql"] for one in seen if one["sql"].startswith("UPDATE") and COLUMN in one["sql"]
        ]

    assert [len(updates()) for _ in range(3)] == [1, 0, 0]


def test_a_check_that_fails_keeps_what_was_learned(secure: FakeRegistry) -> None:
    before = checked(secure.address)
    secure.behaviour.status = 500

    after = checked(secure.address)

    assert after.is_failing
    assert after.sign_in == before.sign_in == SignInState.ANONYMOUS
    assert after.certificate_expires_at == before.certificate_expires_at


def test_plain_http_has_no_certificate(secure: FakeRegistry, plain: FakeRegistry) -> None:
    assert checked(plain.address).certificate_expires_at is None
    row = checked(secure.address)
    row.trust, row.plain_http = Registry.Trust.SYSTEM, True
    row.save()
    row.refresh_from_db()
    assert (row.certificate_expires_at, row.certificate_issuer) == (None, "")


def test_a_worker_that_was_late_leaves_no_certificate_without_tls(plain: FakeRegistry) -> None:
    late = Registry.objects.filter(domain=plain.address)
    late.update(certificate_expires_at=timezone.now(), certificate_issuer="CN=Old")
    row = checked(plain.address)
    assert (row.certificate_expires_at, row.certificate_issuer) == (None, "")


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_refused_and_then_accepted_credentials_are_told(plain: FakeRegistry, auth: str) -> None:
    plain.behaviour.auth = auth
    save_credentials(plain, "hunter2")

    state, name, refusal = sign_in_of(checked(plain.address))

    assert (state, name) == ("refused", "")
    assert refusal.endswith("refuses the user name or password saved for it: correct them.")
    save_credentials(plain, plain.password)
    assert sign_in_of(Registry.objects.get(domain=plain.address)) == ("untried", "", "")
    assert sign_in_of(checked(plain.address)) == ("accepted", plain.username, "")


def test_who_needs_no_login_is_anonymous(plain: FakeRegistry) -> None:
    assert sign_in_of(checked(plain.address)) == ("anonymous", "", "")


def test_a_login_that_is_wanted_and_not_saved_is_a_refusal(plain: FakeRegistry) -> None:
    plain.behaviour.auth = "basic"
    row = checked(plain.address)
    assert row.is_refused
    assert not row.is_failing
    assert row.sign_in_refusal.endswith("wants a user name and password: save them.")


@pytest.mark.parametrize("auth", ["htpasswd", "token"])
def test_a_real_registry_tells_both(
    auth: str, lab_registry_htpasswd: LabRegistry, lab_registry_token: LabRegistry
) -> None:
    lab = lab_registry_htpasswd if auth == "htpasswd" else lab_registry_token
    lab.push("team/app", "1", ImageSpec(version="1"))
    row = Registry.objects.create(
        domain=lab.address, ca_pem=lab.ca_pem, username=lab.username, password="hunter2", trust="ca"
    )
    assert checked(lab.address, "team/app:1").is_refused

    row.password = lab.password
    row.save()
    row = checked(lab.address, "team/app:1")

    assert sign_in_of(row) == ("accepted", lab.username, "")
    assert row.certificate_expires_at
    assert row.certificate_expires_at > timezone.now()
    assert "Watchweb lab" in row.certificate_issuer
