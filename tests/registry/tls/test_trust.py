"""The four trust modes against a real TLS server, and how many roots each really uses."""

import ssl
from collections.abc import Callable, Iterator

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.certificate_files import ENCRYPTED_KEY_PEM, NOW, certificate, pem
from tests.registry.conftest import ROBOT, Bench
from updates.registry.client import RegistryClient
from updates.registry.errors import TLSFailure, TrustError
from updates.registry.tls.certificates import load_ca_bundle
from updates.registry.tls.trust import (
    ClientCertificate,
    TrustDefaults,
    TrustMode,
    ssl_context,
)

GOOD = pem(certificate())
BUNDLE = load_ca_bundle(GOOD, now=NOW)
ServerContext = Callable[..., ssl.SSLContext]


def roots_in_use(client: RegistryClient) -> int:
    """CA certificates in the contexts that the client's pooled connections verify with."""
    transport, _ = client._handshake._parts()
    manager = transport._adapter.poolmanager
    pools = [manager.pools[key] for key in manager.pools.keys()]  # noqa: SIM118
    (count,) = {pool.conn_kw["ssl_context"].cert_store_stats()["x509_ca"] for pool in pools}
    return int(count)


@pytest.fixture
def ca_pem(authority: trustme.CA) -> str:
    return authority.cert_pem.bytes().decode()


@pytest.mark.parametrize("mode", [TrustMode.CA_ONLY, TrustMode.SYSTEM_AND_CA])
def test_a_private_ca_is_honoured_on_all_three_requests(
    tls_bench: Bench, mode: TrustMode, ca_pem: str
) -> None:
    digest = tls_bench.registry.put("team/app")
    tls_bench.registry.behaviour.auth = "bearer"
    client = tls_bench.client(plain_http=False, trust=mode, ca_pem=ca_pem, credentials=ROBOT)

    client.check()

    assert client.resolve(tls_bench.reference()).digest == digest
    assert set(tls_bench.registry.counts()) == {"ping", "token", "manifest"}


def test_ca_only_trusts_that_ca_and_not_one_root_more(tls_bench: Bench, ca_pem: str) -> None:
    tls_bench.registry.put("team/app")
    client = tls_bench.client(plain_http=False, trust=TrustMode.CA_ONLY, ca_pem=ca_pem)

    client.resolve(tls_bench.reference())

    assert roots_in_use(client) == 1


def test_system_and_ca_trusts_one_root_more_than_the_system(tls_bench: Bench, ca_pem: str) -> None:
    tls_bench.registry.put("team/app")
    client = tls_bench.client(plain_http=False, trust=TrustMode.SYSTEM_AND_CA, ca_pem=ca_pem)

    client.resolve(tls_bench.reference())

    system = ssl_context(TrustMode.SYSTEM, None).cert_store_stats()["x509_ca"]
    assert roots_in_use(client) == system + 1


def test_an_unknown_ca_is_not_trusted(tls_bench: Bench) -> None:
    client = tls_bench.client(plain_http=False, trust=TrustMode.SYSTEM)

    with pytest.raises(TLSFailure, match=r"No trusted CA signed .* give this registry its CA"):
        client.resolve(tls_bench.reference())
    assert tls_bench.registry.seen == []
    assert tls_bench.clock.sleeps == []


def test_insecure_takes_any_certificate_without_a_warning(tls_bench: Bench) -> None:
    digest = tls_bench.registry.put("team/app")
    client = tls_bench.client(plain_http=False, trust=TrustMode.INSECURE)

    assert client.resolve(tls_bench.reference()).digest == digest


def test_a_certificate_for_another_name_is_not_trusted(
    server_context: ServerContext, bench: Bench, ca_pem: str
) -> None:
    with FakeRegistry(tls=server_context("elsewhere.lab")) as other:
        client = bench.client(
            domain=other.address, plain_http=False, trust=TrustMode.CA_ONLY, ca_pem=ca_pem
        )
        with pytest.raises(TLSFailure, match="made out to other names"):
            client.check()


def test_plain_http_where_tls_is_expected_is_named(bench: Bench) -> None:
    with pytest.raises(TLSFailure, match="speaks plain HTTP here"):
        bench.client(plain_http=False).check()


def test_a_bad_ca_is_raised_by_the_first_request_and_not_before(tls_bench: Bench) -> None:
    client = tls_bench.client(plain_http=False, trust=TrustMode.CA_ONLY, ca_pem="rubbish")

    with pytest.raises(TrustError, match="not PEM"):
        client.resolve(tls_bench.reference())


@pytest.mark.parametrize("mode", [TrustMode.CA_ONLY, TrustMode.SYSTEM_AND_CA])
def test_a_mode_that_needs_a_ca_never_falls_back_to_the_system(mode: TrustMode) -> None:
    with pytest.raises(TrustError, match="needs a CA certificate"):
        ssl_context(mode, None)


@pytest.mark.parametrize("mode", list(TrustMode))
def test_a_context_means_the_same_on_every_python(mode: TrustMode) -> None:
    context = ssl_context(mode, BUNDLE)

    assert context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert context.check_hostname is (mode is not TrustMode.INSECURE)


@pytest.fixture
def choosy_registry(server_context: ServerContext, authority: trustme.CA) -> Iterator[FakeRegistry]:
    """A registry that wants a client certificate of the lab's CA.

    In TLS 1.3 its complaint comes after the handshake, and may be lost with the connection.
    """
    context = server_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with FakeRegistry(tls=context) as registry:
        yield registry


def test_a_client_certificate_is_shown(
    choosy_registry: FakeRegistry, bench: Bench, authority: trustme.CA, ca_pem: str
) -> None:
    issued = authority.issue_cert("watchweb@lab")
    shown = ClientCertificate(
        "".join(blob.bytes().decode() for blob in issued.cert_chain_pems),
        issued.private_key_pem.bytes().decode(),
    )
    bench.client(
        domain=choosy_registry.address,
        plain_http=False,
        trust=TrustMode.CA_ONLY,
        ca_pem=ca_pem,
        client_certificate=shown,
    ).check()


def test_a_missing_client_certificate_is_named(
    choosy_registry: FakeRegistry, bench: Bench, ca_pem: str
) -> None:
    client = bench.client(
        domain=choosy_registry.address, plain_http=False, trust=TrustMode.CA_ONLY, ca_pem=ca_pem
    )

    with pytest.raises(TLSFailure, match="client certificate"):
        client.check()


@pytest.mark.parametrize(
    ("key", "why"), [("", "is empty"), ("rubbish", "is not PEM"), (ENCRYPTED_KEY_PEM, "encrypted")]
)
def test_an_unusable_client_key_is_refused_when_the_context_is_made(key: str, why: str) -> None:
    with pytest.raises(TrustError, match=f"The client key .*{why}"):
        ssl_context(TrustMode.SYSTEM, None, ClientCertificate(GOOD, key))


def test_nothing_is_trusted_by_default_but_the_system() -> None:
    assert TrustDefaults() == TrustDefaults(ca_pem="", insecure=False)
