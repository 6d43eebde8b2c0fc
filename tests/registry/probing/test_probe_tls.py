"""The TLS step of a connection test: whom it names, what it shows, and that it always ends."""

import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.certificate_files import KEY_PEM, certificate, der
from tests.registry.conftest import Clock
from tests.registry.hostile import endless, serving
from updates.registry.config import RegistryConfig
from updates.registry.probing.findings import Finding, Outcome, ProbeStep
from updates.registry.probing.probe import probe
from updates.registry.tls.chain import chain_of, described
from updates.registry.tls.client_certificate import ClientCertificate
from updates.registry.tls.trust import TrustMode
from updates.registry.transport import Limits

type ServerContext = Callable[..., ssl.SSLContext]
SHORT = Limits(connect_s=1.0, read_s=1.0, whole_s=2.0)
UNREADABLE = der(certificate()).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1)


def tls_of(domain: str, **settings: Any) -> Finding:
    """What the TLS step of a test found; the test goes no further."""
    return findings_of(domain, **settings)[ProbeStep.TLS]


def findings_of(domain: str, **settings: Any) -> dict[str, Finding]:
    clock = Clock(time.time())
    steps = probe(RegistryConfig(domain, **settings), None, clock=clock, limits=SHORT)
    return {found.step: found for found in steps}


@pytest.fixture
def trusting(authority: trustme.CA) -> dict[str, Any]:
    return {"trust": TrustMode.CA_ONLY, "ca_pem": authority.cert_pem.bytes().decode()}


@pytest.fixture
def own(authority: trustme.CA) -> ClientCertificate:
    issued = authority.issue_cert("client@lab.test", common_name="watchweb")
    chain = issued.cert_chain_pems[0].bytes().decode()
    return ClientCertificate(chain, issued.private_key_pem.bytes().decode())


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def strict_registry(
    request: pytest.FixtureRequest, authority: trustme.CA, server_context: ServerContext
) -> Iterator[FakeRegistry]:
    """Lets only those in who show a certificate of the lab's CA."""
    context = server_context()
    context.maximum_version = request.param
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with FakeRegistry(tls=context) as fake:
        yield fake


def test_the_systems_authorities_are_named_and_engines_need_nothing(
    tls_registry: FakeRegistry,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "system.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    other_ca = trustme.CA().cert_pem.bytes().decode()

    for settings in ({}, {"trust": TrustMode.SYSTEM_AND_CA, "ca_pem": other_ca}):
        found = tls_of(tls_registry.address, **settings)

        assert (found.outcome, found.sentence) == (
            Outcome.OK,
            "Trusted by the system's authorities.",
        )
        assert [label for label, _ in found.details] == ["Connection", "Certificate", "Signed by"]


def test_insecure_without_need_says_so(
    tls_registry: FakeRegistry,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "system.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))

    found = tls_of(tls_registry.address, trust=TrustMode.INSECURE)

    assert found.outcome is Outcome.WARNING
    assert "The system's authorities would trust it" in found.sentence
    assert "Engines" not in dict(found.details)


def test_insecure_with_need_says_what_engines_want(tls_registry: FakeRegistry) -> None:
    found = tls_of(tls_registry.address, trust=TrustMode.INSECURE)

    assert f"certs.d/{tls_registry.address}/ca.crt" in dict(found.details)["Engines"]


def test_plain_http_says_what_engines_want(registry: FakeRegistry) -> None:
    found = tls_of(registry.address, plain_http=True)

    assert "insecure-registries" in dict(found.details)["Engines"]


def test_a_client_certificate_that_is_missing_is_told_beside_the_chain(
    strict_registry: FakeRegistry, trusting: dict[str, Any]
) -> None:
    """TLS 1.2 breaks the handshake off, 1.3 lets it end and breaks off after it."""
    found = findings_of(strict_registry.address, **trusting)

    details = dict(found[ProbeStep.TLS].details)
    assert details["Client certificate"] == "asked for, and none is saved"
    assert "Lab CA" in details["Certificate"]
    assert found[ProbeStep.TLS].outcome in (Outcome.FAILED, Outcome.WARNING)
    failed = [one for one in found.values() if one.outcome is Outcome.FAILED]
    assert "client certificate" in failed[0].sentence


def test_a_client_certificate_that_is_shown_is_named(
    strict_registry: FakeRegistry, trusting: dict[str, Any], own: ClientCertificate
) -> None:
    found = findings_of(strict_registry.address, **trusting, client_certificate=own)

    words = dict(found[ProbeStep.TLS].details)["Client certificate"]
    assert words.startswith("asked for; ")
    assert "CN=watchweb" in words
    assert found[ProbeStep.PING].outcome is Outcome.OK
    assert "PRIVATE" not in repr(found)


def test_a_client_certificate_nobody_asked_for_is_not_shown(
    tls_registry: FakeRegistry, trusting: dict[str, Any], own: ClientCertificate
) -> None:
    found = tls_of(tls_registry.address, **trusting, client_certificate=own)

    assert dict(found.details)["Client certificate"] == "not asked for, and not shown"


def test_a_certificate_that_only_openssl_can_read_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "strange.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(UNREADABLE) + KEY_PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with FakeRegistry(tls=context) as strange:
        found = tls_of(strange.address, trust=TrustMode.INSECURE)

    assert found.outcome is Outcome.WARNING
    assert "Certificate" not in dict(found.details)


def test_a_handshake_that_never_ends_is_given_up() -> None:
    began = time.monotonic()
    record = b"\x16\x03\x03\x40\x00"
    with serving(endless(record, b"\x00", pause_s=0.05)) as address:
        found = tls_of(address)

    assert found.outcome is Outcome.FAILED
    assert found.sentence.endswith(".")
    assert time.monotonic() - began < 5


def test_an_endless_chain_is_shown_in_part() -> None:
    assert len(described([der(certificate())] * 50)) == 10


class Modern:
    """A socket as from Python 3.13: the chain as public methods."""

    def get_verified_chain(self) -> list[bytes]:
        return [b"own", b"ca"]

    def get_unverified_chain(self) -> list[bytes]:
        return [b"own"]


class LeafAlone:
    """A socket of a Python that shows no chain. Before its handshake ended: nothing."""

    def __init__(self, own: bytes | None) -> None:
        self._own = own

    def getpeercert(self, *, binary_form: bool) -> bytes:
        assert binary_form
        if self._own is None:
            raise ValueError("handshake not done yet")
        return self._own


@pytest.mark.parametrize(
    ("sock", "is_verified", "chain"),
    [
        (Modern(), True, (b"own", b"ca")),
        (Modern(), False, (b"own",)),
        (LeafAlone(b"own"), True, (b"own",)),
        (LeafAlone(b""), False, ()),
        (LeafAlone(None), False, ()),
    ],
)
def test_every_python_shows_as_much_of_a_chain_as_it_can(
    sock: object, is_verified: bool, chain: tuple[bytes, ...]
) -> None:
    assert chain_of(cast(ssl.SSLSocket, sock), is_verified=is_verified) == chain
