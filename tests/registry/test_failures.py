"""Foreign exceptions, in our words and without theirs."""

import http.client
import socket
import ssl

import pytest
import requests
import urllib3.connection
import urllib3.exceptions

from updates.registry.errors import (
    NotARegistry,
    TLSFailure,
    TransportError,
    Unreachable,
)
from updates.registry.failures import explain

SECRET_URL = "https://lab/token?scope=private&refresh_token=s3cret"
POOL = urllib3.HTTPConnectionPool("lab")
CONNECTION = urllib3.connection.HTTPConnection("lab")


def caused_by(cause: BaseException) -> Exception:
    """The cause as it arrives: deep inside what requests makes of it."""
    pool_error = urllib3.exceptions.ProtocolError(SECRET_URL, cause)
    pool_error.__cause__ = cause
    return requests.ConnectionError(pool_error)


def unverified(code: int, message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, SECRET_URL)
    error.verify_code, error.verify_message = code, message
    return error


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, SECRET_URL)
    error.reason = reason
    return error


BROKEN_OFF = "lab broke the connection off before its answer was whole."
NO_CA = "No trusted CA signed the certificate of lab: give this registry its CA."
WANTS_CERTIFICATE = "lab wants a client certificate, and does not accept what it was shown."
PLAIN = "lab speaks plain HTTP here, not TLS: allow plain HTTP if that is meant."
NO_AGREEMENT = (
    "lab and this program cannot agree on TLS ({}): it may want another version, or a client"
    " certificate."
)

CAUSES = {
    "refused": (
        ConnectionRefusedError(111, SECRET_URL),
        Unreachable,
        "lab refuses connections: nothing listens there.",
    ),
    "unknown name": (
        socket.gaierror(-2, "lab"),
        Unreachable,
        "The name lab cannot be resolved: check it, and the DNS server.",
    ),
    "DNS server silent": (
        socket.gaierror(-3, "lab"),
        Unreachable,
        "The name lab cannot be resolved: check it, and the DNS server.",
    ),
    "no answer to a connection": (
        TimeoutError(),
        Unreachable,
        "lab does not accept a connection: it did not answer in time.",
    ),
    "no answer to a request": (
        urllib3.exceptions.ReadTimeoutError(POOL, SECRET_URL, "timed out"),
        TransportError,
        "lab took the request but did not answer in time.",
    ),
    "no route": (
        urllib3.exceptions.NewConnectionError(CONNECTION, SECRET_URL),
        Unreachable,
        "There is no way to lab from here: check network and firewall.",
    ),
    "network gone": (OSError(113, SECRET_URL), TransportError, BROKEN_OFF),
    "reset": (ConnectionResetError(), TransportError, BROKEN_OFF),
    "pipe broken": (BrokenPipeError(), TransportError, BROKEN_OFF),
    "cut short": (urllib3.exceptions.IncompleteRead(1, 2), TransportError, BROKEN_OFF),
    "no HTTP": (http.client.BadStatusLine(SECRET_URL), TransportError, BROKEN_OFF),
    "a URL that is none": (
        requests.exceptions.InvalidURL(SECRET_URL),
        NotARegistry,
        "lab is, or leads to, an address that is none.",
    ),
    "a host that is none": (
        urllib3.exceptions.LocationParseError(SECRET_URL),
        NotARegistry,
        "lab is, or leads to, an address that is none.",
    ),
    "no issuer": (unverified(20, ""), TLSFailure, NO_CA),
    "signed by itself": (unverified(18, ""), TLSFailure, NO_CA),
    "unknown root": (unverified(19, ""), TLSFailure, NO_CA),
    "unknown first": (unverified(21, ""), TLSFailure, NO_CA),
    "expired": (unverified(10, ""), TLSFailure, "The certificate of lab has expired."),
    "not yet valid": (
        unverified(9, ""),
        TLSFailure,
        "The certificate of lab is not valid yet: compare the clocks.",
    ),
    "another name": (
        unverified(62, ""),
        TLSFailure,
        "The certificate of lab is made out to other names.",
    ),
    "another address": (
        unverified(64, ""),
        TLSFailure,
        "The certificate of lab is made out to other names.",
    ),
    "revoked": (
        unverified(23, "certificate revoked"),
        TLSFailure,
        "The certificate of lab is not accepted: certificate revoked.",
    ),
    "plain HTTP": (tls_error("WRONG_VERSION_NUMBER"), TLSFailure, PLAIN),
    "plain HTTP, newer OpenSSL": (tls_error("RECORD_LAYER_FAILURE"), TLSFailure, PLAIN),
    "client certificate missing": (
        tls_error("TLSV13_ALERT_CERTIFICATE_REQUIRED"),
        TLSFailure,
        WANTS_CERTIFICATE,
    ),
    "client certificate bad": (
        tls_error("SSLV3_ALERT_BAD_CERTIFICATE"),
        TLSFailure,
        WANTS_CERTIFICATE,
    ),
    "client certificate of an unknown CA": (
        tls_error("TLSV1_ALERT_UNKNOWN_CA"),
        TLSFailure,
        WANTS_CERTIFICATE,
    ),
    "no common cipher": (
        tls_error("NO_CIPHERS_AVAILABLE"),
        TLSFailure,
        NO_AGREEMENT.format("NO_CIPHERS_AVAILABLE"),
    ),
    "no reason": (tls_error(""), TLSFailure, NO_AGREEMENT.format("no reason given")),
    "TLS ended": (
        ssl.SSLEOFError(8, "EOF"),
        TransportError,
        "lab broke the encrypted connection off: it may want a client certificate.",
    ),
    "one of ours": (
        NotARegistry("lab leads to a loopback address."),
        NotARegistry,
        "lab leads to a loopback address.",
    ),
}


@pytest.mark.parametrize("case", CAUSES)
def test_a_cause_is_found_however_deep_it_lies(case: str) -> None:
    cause, error, sentence = CAUSES[case]

    explained = explain(caused_by(cause), "lab")

    assert (type(explained), str(explained)) == (error, sentence)
    assert explained.retryable is (error in (TransportError, Unreachable))


def test_a_host_cannot_bring_control_characters_into_a_sentence() -> None:
    explained = explain(requests.exceptions.InvalidURL(), "lab\x1b[31m\n.example")

    assert str(explained).startswith("lab?[31m?.example is")


def test_causes_in_a_circle_come_to_an_end() -> None:
    first, second = OSError(), OSError()
    first.__cause__, second.__cause__ = second, first

    assert isinstance(explain(first, "lab"), TransportError)
