"""A connection test shows every step, says where it stops and why, and always comes to an end."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.hostile import OK, endless, sending, serving
from updates.registry.config import RegistryConfig
from updates.registry.logins.credentials import Credentials
from updates.registry.probing.findings import Finding, Outcome, ProbeStep
from updates.registry.probing.probe import probe
from updates.registry.reference import Reference
from updates.registry.tls.client_certificate import ClientCertificate
from updates.registry.tls.trust import TrustMode
from updates.registry.transport import Limits

ROBOT = Credentials(FakeRegistry.username, FakeRegistry.password)
SHORT = Limits(connect_s=1.0, read_s=1.0, whole_s=2.0)
STEPS = [step.value for step in ProbeStep]


def findings_of(domain: str, image: str = "", **settings: Any) -> dict[str, Finding]:
    """The findings by step; each step has exactly one, in its order."""
    reference = Reference.parse(f"{domain}/{image}") if image else None
    found = list(probe(RegistryConfig(domain, **settings), reference, limits=SHORT))
    assert [finding.step for finding in found] == STEPS
    return {finding.step: finding for finding in found}


def outcomes(findings: dict[str, Finding]) -> str:
    """One word a step."""
    return " ".join(finding.outcome for finding in findings.values())


def test_an_open_registry_needs_neither_login_nor_token(registry: FakeRegistry) -> None:
    digest = registry.put("team/app")

    found = findings_of(registry.address, "team/app", plain_http=True)

    assert outcomes(found) == "ok warning ok skipped skipped ok"
    assert "nothing is encrypted" in found["tls"].sentence
    assert ("Digest", digest) in found["manifest"].details
    assert len(registry.seen) == 2


def test_a_token_is_fetched_anew_and_shown_by_its_life_alone(registry: FakeRegistry) -> None:
    registry.behaviour.auth = "bearer"
    registry.put("team/app")

    found = findings_of(registry.address, "team/app", plain_http=True, credentials=ROBOT)

    assert outcomes(found) == "ok warning ok ok ok ok"
    assert found["token"].sentence == f"Got a token as {ROBOT.username}."
    assert dict(found["token"].details)["Scope"] == "repository:team/app:pull"
    assert ("Realm", registry.realm) in found["challenge"].details
    assert registry.counts() == {"ping": 1, "token": 1, "manifest": 2}
    assert not any(secret in repr(found) for secret in (ROBOT.password, *registry.valid_tokens))


def test_basic_shows_who_was_let_in(registry: FakeRegistry) -> None:
    registry.behaviour.auth = "basic"

    found = findings_of(registry.address, plain_http=True, credentials=ROBOT)

    assert outcomes(found) == "ok warning ok ok ok skipped"
    assert ROBOT.username in found["token"].sentence
    assert "name one" in found["manifest"].sentence


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_wrong_password_fails_where_it_is_shown(auth: str, registry: FakeRegistry) -> None:
    registry.behaviour.auth = auth

    found = findings_of(
        registry.address, "a/b", plain_http=True, credentials=Credentials("robot", "wrong-wrong")
    )

    assert outcomes(found) == "ok warning ok ok failed skipped"
    assert "refuses the user name or password" in found["token"].sentence
    assert found["manifest"].sentence == "Not reached."
    assert "wrong-wrong" not in repr(found)


def test_a_realm_elsewhere_gets_no_password(registry: FakeRegistry) -> None:
    registry.behaviour.auth = "bearer"
    registry.behaviour.realm = "https://169.254.169.254/token"

    found = findings_of(registry.address, plain_http=True, credentials=ROBOT)

    assert outcomes(found) == "ok warning ok failed skipped skipped"
    assert "169.254.169.254" in found["challenge"].sentence


@pytest.mark.parametrize(
    ("behaviour", "step", "sentence"),
    [
        ({"status": 429, "headers": {"Retry-After": "60"}}, "manifest", "for 60 seconds"),
        ({"status": 404}, "manifest", "the tag or the repository is gone"),
        ({"auth": "bearer", "token_status": 503}, "token", "out of order (503)"),
        ({"auth": "bearer", "challenge": "Negotiate"}, "challenge", "does not know"),
    ],
)
def test_what_the_registry_does_wrong_is_a_sentence(
    behaviour: dict[str, Any], step: str, sentence: str, registry: FakeRegistry
) -> None:
    for name, value in behaviour.items():
        setattr(registry.behaviour, name, value)

    found = findings_of(registry.address, "a/b", plain_http=True)

    assert found[step].outcome is Outcome.FAILED
    assert sentence in found[step].sentence


def test_a_page_is_no_registry() -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>"
    with serving(sending(page)) as address:
        found = findings_of(address, plain_http=True)

    assert found["ping"].outcome is Outcome.FAILED
    assert "no registry" in found["ping"].sentence


def test_slow_bytes_end_in_time() -> None:
    began = time.monotonic()
    with serving(endless(OK, b"X: y\r\n", pause_s=0.05)) as address:
        found = findings_of(address, plain_http=True)

    assert found["ping"].outcome is Outcome.FAILED
    assert time.monotonic() - began < 15


def test_a_closed_port_and_an_unknown_name_say_so() -> None:
    closed = findings_of("127.0.0.1:1", plain_http=True)
    assert outcomes(closed) == "ok warning failed skipped skipped skipped"
    assert "nothing listens there" in closed["ping"].sentence
    unknown = findings_of("no-such-host.invalid")
    assert outcomes(unknown) == "failed skipped skipped skipped skipped skipped"
    assert "cannot be resolved" in unknown["name"].sentence


def test_a_private_ca_is_named_with_the_chain_and_the_engines_need_it_too(
    tls_registry: FakeRegistry, authority: trustme.CA
) -> None:
    found = findings_of(
        tls_registry.address,
        trust=TrustMode.SYSTEM_AND_CA,
        ca_pem=authority.cert_pem.bytes().decode(),
    )

    assert found["tls"].outcome is Outcome.OK
    assert "the saved CA" in found["tls"].sentence
    details = dict(found["tls"].details)
    assert "Lab CA" in details["Signed by"], "the root too, which the server did not send"
    assert "TLSv1" in details["Connection"]
    assert f"/etc/docker/certs.d/{tls_registry.address}/ca.crt" in details["Engines"]


def test_a_certificate_nobody_trusts_fails_and_is_shown(tls_registry: FakeRegistry) -> None:
    found = findings_of(tls_registry.address)

    assert outcomes(found) == "ok failed skipped skipped skipped skipped"
    assert "No trusted CA signed" in found["tls"].sentence
    assert "Lab CA" in dict(found["tls"].details)["Certificate"]
    assert not tls_registry.seen


def test_insecure_is_a_warning_that_says_what_the_system_thinks(
    tls_registry: FakeRegistry,
) -> None:
    found = findings_of(tls_registry.address, trust=TrustMode.INSECURE)

    assert outcomes(found) == "ok warning ok skipped skipped skipped"
    assert "anybody could be answering" in found["tls"].sentence
    assert "No trusted CA" in found["tls"].sentence
    assert "Certificate" in dict(found["tls"].details)


def test_another_name_an_end_and_a_soon_end_are_told(
    authority: trustme.CA, server_context: Callable[..., ssl.SSLContext]
) -> None:
    trusting: dict[str, Any] = {
        "trust": TrustMode.CA_ONLY,
        "ca_pem": authority.cert_pem.bytes().decode(),
    }
    with FakeRegistry(tls=server_context("registry.example.com")) as named:
        assert "made out to other names" in findings_of(named.address, **trusting)["tls"].sentence
    now = datetime.now(UTC)
    with FakeRegistry(tls=_until(authority, now - timedelta(days=1))) as ended:
        found = findings_of(ended.address, **trusting)
        assert found["tls"].outcome is Outcome.FAILED
        assert "has expired" in found["tls"].sentence
    with FakeRegistry(tls=_until(authority, now + timedelta(days=20))) as ending:
        found = findings_of(ending.address, **trusting)
        assert found["tls"].outcome is Outcome.WARNING
        assert f"ends on {now + timedelta(days=20):%Y-%m-%d}" in found["tls"].sentence
        assert found["ping"].outcome is Outcome.OK, "a warning is no failure"


def test_plain_http_where_tls_is_expected_is_told(registry: FakeRegistry) -> None:
    assert "speaks plain HTTP" in findings_of(registry.address)["tls"].sentence


def test_a_ca_that_cannot_be_used_fails_before_anything_is_sent(
    tls_registry: FakeRegistry,
) -> None:
    found = findings_of(tls_registry.address, trust=TrustMode.CA_ONLY, ca_pem="rubbish")

    assert found["tls"].outcome is Outcome.FAILED
    assert "not PEM" in found["tls"].sentence
    assert tls_registry.connections == 0


def test_a_client_certificate_is_asked_for_and_shown(
    authority: trustme.CA, server_context: Callable[..., ssl.SSLContext]
) -> None:
    context = server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    issued = authority.issue_cert("client@lab.test")
    own = ClientCertificate(
        issued.cert_chain_pems[0].bytes().decode(), issued.private_key_pem.bytes().decode()
    )
    trusting: dict[str, Any] = {
        "trust": TrustMode.CA_ONLY,
        "ca_pem": authority.cert_pem.bytes().decode(),
    }
    with FakeRegistry(tls=context) as strict:
        without = findings_of(strict.address, **trusting)
        with_it = findings_of(strict.address, **trusting, client_certificate=own)

    failed = [one for one in without.values() if one.outcome is Outcome.FAILED]
    assert "client certificate" in failed[0].sentence
    assert outcomes(with_it) == "ok ok ok skipped skipped skipped"
    assert "Client certificate" in dict(with_it["tls"].details)


def _until(authority: trustme.CA, end: datetime) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = authority.issue_cert("127.0.0.1", not_before=end - timedelta(days=60), not_after=end)
    issued.configure_cert(context)
    return context
