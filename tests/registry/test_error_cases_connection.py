"""Registries that cannot be reached or trusted: which error, in which words.

The real client against real sockets and real TLS on loopback.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.certificate_files import NOW, certificate, pem
from tests.registry.conftest import ROBOT
from tests.registry.desk import Desk, judged
from updates.registry.errors import (
    AuthError,
    NotARegistry,
    TLSFailure,
    TrustError,
    Unreachable,
)
from updates.registry.tls.trust import TrustMode

YEAR = timedelta(days=365)


@pytest.fixture
def desk(caplog: pytest.LogCaptureFixture) -> Desk:
    return Desk(caplog)


def test_a_name_nobody_knows_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RES_OPTIONS", "timeout:1 attempts:1")

    assert judged(desk.complaint("registry.invalid")) == (
        Unreachable,
        "The name registry.invalid cannot be resolved: check it, and the DNS server.",
    )


@pytest.mark.parametrize("domain", ["lab:99999", f"{'x' * 64}.example"])
def test_an_address_that_is_none_is_named(desk: Desk, domain: str) -> None:
    assert judged(desk.complaint(domain)) == (
        NotARegistry,
        f"{domain} is, or leads to, an address that is none.",
    )


@contextlib.contextmanager
def listener(*, backlog: int) -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as server:
        host, port = server.getsockname()
        yield server, f"{host}:{port}"


def test_a_closed_port_is_named(desk: Desk) -> None:
    with listener(backlog=1) as (_, address):
        pass

    sentence = f"{address} refuses connections: nothing listens there."
    assert judged(desk.complaint(address)) == (Unreachable, sentence)


def test_a_port_that_takes_no_more_connections_is_named(desk: Desk) -> None:
    with listener(backlog=0) as (server, address), contextlib.ExitStack() as waiting:
        for _ in range(4):
            connection = waiting.enter_context(socket.socket())
            connection.setblocking(False)
            connection.connect_ex(server.getsockname())
        error = desk.complaint(address)

    sentence = f"{address} does not accept a connection: it did not answer in time."
    assert judged(error) == (Unreachable, sentence)


def server_context(authority: trustme.CA, name: str = "127.0.0.1", **life: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **life).configure_cert(context)
    return context


def choosy_context(authority: trustme.CA) -> ssl.SSLContext:
    """In TLS 1.3 the complaint comes after the handshake, and may be lost with the connection."""
    context = server_context(authority)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    return context


def old_context(authority: trustme.CA) -> ssl.SSLContext:
    now = datetime.now(UTC)
    return server_context(authority, not_before=now - 2 * YEAR, not_after=now - YEAR)


def early_context(authority: trustme.CA) -> ssl.SSLContext:
    now = datetime.now(UTC)
    return server_context(authority, not_before=now + YEAR, not_after=now + 2 * YEAR)


TLS: dict[str, tuple[Callable[[trustme.CA], ssl.SSLContext | None], str]] = {
    "unknown CA": (
        lambda _: server_context(trustme.CA()),
        "No trusted CA signed the certificate of {0}: give this registry its CA.",
    ),
    "expired": (old_context, "The certificate of {0} has expired."),
    "not yet valid": (
        early_context,
        "The certificate of {0} is not valid yet: compare the clocks.",
    ),
    "another name": (
        lambda authority: server_context(authority, "elsewhere.lab"),
        "The certificate of {0} is made out to other names.",
    ),
    "client certificate wanted": (
        choosy_context,
        (
            "{0} and this program cannot agree on TLS (SSLV3_ALERT_HANDSHAKE_FAILURE): it may want"
            " another version, or a client certificate."
        ),
    ),
    "plain HTTP on the TLS port": (
        lambda _: None,
        "{0} speaks plain HTTP here, not TLS: allow plain HTTP if that is meant.",
    ),
}


@pytest.fixture
def trusting(authority: trustme.CA) -> dict[str, Any]:
    """A registry over TLS whose CA is the lab's."""
    ca_pem = authority.cert_pem.bytes().decode()
    return {"plain_http": False, "trust": TrustMode.CA_ONLY, "ca_pem": ca_pem}


@pytest.mark.parametrize("case", TLS)
def test_what_is_wrong_with_tls_is_named_and_not_tried_again(
    case: str, desk: Desk, authority: trustme.CA, trusting: dict[str, Any]
) -> None:
    context, sentence = TLS[case]
    with FakeRegistry(tls=context(authority)) as registry:
        error = desk.complaint(registry.address, credentials=ROBOT, **trusting)

        assert registry.seen == []
    assert judged(error) == (TLSFailure, sentence.format(registry.address))
    assert desk.clock.sleeps == []


def test_a_realm_without_tls_gets_neither_credentials_nor_a_request(
    desk: Desk, tls_registry: FakeRegistry, registry: FakeRegistry, trusting: dict[str, Any]
) -> None:
    tls_registry.behaviour.auth = "bearer"
    tls_registry.behaviour.realm = f"{registry.url}/token"

    error = desk.complaint(tls_registry.address, credentials=ROBOT, **trusting)

    sentence = (
        f"{tls_registry.address} names a token service without TLS ({registry.address}): it is"
        " not asked."
    )
    assert judged(error) == (AuthError, sentence)
    assert registry.seen == []


def test_a_redirect_to_plain_http_is_not_followed(
    desk: Desk, tls_registry: FakeRegistry, registry: FakeRegistry, trusting: dict[str, Any]
) -> None:
    tls_registry.behaviour.redirect_to = registry.url

    error = desk.complaint(tls_registry.address, **trusting)

    sentence = f"{tls_registry.address} redirects from https to http, which is not followed."
    assert judged(error) == (NotARegistry, sentence)
    assert registry.seen == []


EXPIRED = pem(certificate("Old CA", starts=timedelta(days=-9), ends=timedelta(days=-2)))


@pytest.mark.parametrize(
    ("ca_pem", "sentence"),
    [
        ("", "This trust mode needs a CA certificate, and none is saved."),
        ("rubbish", "The CA bundle is not PEM: it has no BEGIN line."),
        (EXPIRED, 'The certificate "CN=Old CA" expired on 2027-01-13.'),
    ],
)
def test_a_ca_that_cannot_be_used_is_named_before_anything_is_sent(
    desk: Desk, registry: FakeRegistry, ca_pem: str, sentence: str
) -> None:
    desk.clock.now = NOW.timestamp()
    error = desk.complaint(
        registry.address, plain_http=False, trust=TrustMode.CA_ONLY, ca_pem=ca_pem
    )

    assert judged(error) == (TrustError, sentence)
    assert registry.connections == 0
