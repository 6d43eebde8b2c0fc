"""Foreign exceptions, in our words and without theirs."""

import socket
import ssl

import pytest
import requests
import urllib3.exceptions

from updates.registry.errors import (
    NotARegistry,
    RegistryError,
    TLSFailure,
    TransportError,
    Unreachable,
)
from updates.registry.failures import explain

SECRET_URL = "https://lab/token?scope=private&refresh_token=s3cret"


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


@pytest.mark.parametrize(
    ("cause", "error", "sentence"),
    [
        (ConnectionRefusedError(), Unreachable, "refuses connections"),
        (socket.gaierror(-2, "lab"), Unreachable, "cannot be resolved"),
        (TimeoutError(), Unreachable, "does not accept a connection"),
        (OSError(113, "no route"), TransportError, "broke the connection off"),
        (ConnectionResetError(), TransportError, "broke the connection off"),
        (BrokenPipeError(), TransportError, "broke the connection off"),
        (urllib3.exceptions.IncompleteRead(1, 2), TransportError, "broke the connection off"),
        (unverified(20, ""), TLSFailure, "No trusted CA signed"),
        (unverified(18, ""), TLSFailure, "No trusted CA signed"),
        (unverified(10, ""), TLSFailure, "has expired"),
        (unverified(9, ""), TLSFailure, "not valid yet"),
        (unverified(62, ""), TLSFailure, "made out to other names"),
        (unverified(23, "certificate revoked"), TLSFailure, "not accepted: certificate revoked"),
        (tls_error("WRONG_VERSION_NUMBER"), TLSFailure, "speaks plain HTTP here"),
        (tls_error("TLSV13_ALERT_CERTIFICATE_REQUIRED"), TLSFailure, "wants a client certificate"),
        (tls_error("SSLV3_ALERT_BAD_CERTIFICATE"), TLSFailure, "wants a client certificate"),
        (tls_error("NO_CIPHERS_AVAILABLE"), TLSFailure, "cannot agree on TLS .NO_CIPHERS"),
        (ssl.SSLEOFError(8, "EOF"), TransportError, "broke the encrypted connection off"),
        (NotARegistry("lab leads to a loopback address."), NotARegistry, "lab leads to"),
    ],
    ids=range(19),
)
def test_a_cause_is_found_however_deep_it_lies(
    cause: BaseException, error: type[RegistryError], sentence: str
) -> None:
    explained = explain(caused_by(cause), "lab")

    assert type(explained) is error
    assert sentence.replace(".NO", "(NO") in str(explained)
    assert "s3cret" not in str(explained)


def test_trust_is_not_regained_by_waiting() -> None:
    assert not explain(caused_by(unverified(20, "")), "lab").retryable
    assert explain(caused_by(ConnectionResetError()), "lab").retryable


def test_an_address_that_is_none_is_the_registrys_fault() -> None:
    assert type(explain(requests.exceptions.InvalidURL(SECRET_URL), "lab")) is NotARegistry


def test_causes_in_a_circle_come_to_an_end() -> None:
    first, second = OSError(), OSError()
    first.__cause__, second.__cause__ = second, first

    assert isinstance(explain(first, "lab"), TransportError)
