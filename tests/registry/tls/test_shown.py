"""The certificate that a registry shows is known from the connections made to it anyhow."""

import ssl
from collections.abc import Callable

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import Bench, Clock
from updates.registry.client import RegistryClient
from updates.registry.errors import TLSFailure
from updates.registry.tls.shown import ShownCertificate
from updates.registry.tls.trust import TrustMode

type ServerContext = Callable[..., ssl.SSLContext]


@pytest.fixture
def ca_pem(authority: trustme.CA) -> str:
    return authority.cert_pem.bytes().decode()


def client_of(bench: Bench, trust: TrustMode, ca_pem: str) -> RegistryClient:
    return bench.client(plain_http=False, trust=trust, ca_pem=ca_pem)


@pytest.mark.parametrize("trust", [TrustMode.CA_ONLY, TrustMode.INSECURE])
def test_it_is_known_once_the_registry_was_asked(
    tls_bench: Bench, trust: TrustMode, ca_pem: str
) -> None:
    tls_bench.registry.put("team/app")
    assert client_of(tls_bench, trust, ca_pem).certificate is None
    client = client_of(tls_bench, trust, ca_pem)

    client.resolve(tls_bench.reference())

    shown = client.certificate
    assert shown is not None
    assert "Lab CA" in shown.issuer
    assert shown.subject != shown.issuer
    assert tls_bench.registry.connections == 1, "no connection was made for it"


def test_a_renewed_one_is_seen_on_the_next_connection(
    authority: trustme.CA, server_context: ServerContext, clock: Clock, ca_pem: str
) -> None:
    context = server_context()
    with FakeRegistry(tls=context) as registry:
        registry.put("team/app")
        bench = Bench(registry, clock)
        client = client_of(bench, TrustMode.CA_ONLY, ca_pem)
        client.resolve(bench.reference())
        before = client.certificate
        authority.issue_cert("127.0.0.1").configure_cert(context)

        client.close()
        client.resolve(bench.reference())
        client.close()

    assert before
    assert client.certificate
    assert client.certificate.fingerprint_sha256 != before.fingerprint_sha256


def test_that_of_a_host_it_leads_to_is_not_taken_for_its_own(
    tls_bench: Bench, server_context: ServerContext, ca_pem: str
) -> None:
    with FakeRegistry(tls=server_context("127.0.0.1")) as behind:
        behind.put("team/app")
        tls_bench.registry.behaviour.redirect_to = behind.url
        client = client_of(tls_bench, TrustMode.CA_ONLY, ca_pem)
        client.resolve(tls_bench.reference())
        own = client.certificate
        assert behind.connections == 1

    tls_bench.registry.behaviour.redirect_to = ""
    tls_bench.registry.put("team/app")
    again = client_of(tls_bench, TrustMode.CA_ONLY, ca_pem)
    again.resolve(tls_bench.reference())
    assert own == again.certificate


def test_there_is_none_without_tls_or_without_trust(bench: Bench, tls_bench: Bench) -> None:
    bench.registry.put("team/app")
    plain = bench.client()
    plain.resolve(bench.reference())
    assert plain.certificate is None

    strange = client_of(tls_bench, TrustMode.SYSTEM, "")
    with pytest.raises(TLSFailure):
        strange.resolve(tls_bench.reference())
    assert strange.certificate is None


def test_one_that_cannot_be_read_is_none() -> None:
    shown = ShownCertificate("registry.example.com", 443)
    shown._der = b"\x30\x03\x02\x01\x00"
    assert shown.certificate is None
