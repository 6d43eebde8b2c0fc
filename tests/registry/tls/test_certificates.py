"""CA bundles: what is refused, why, and what is made of the rest."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.registry.certificate_files import (
    ENCRYPTED_KEY_PEM,
    KEY,
    KEY_PEM,
    NOW,
    certificate,
    der,
    pem,
)
from updates.registry.errors import TrustError
from updates.registry.tls.certificates import MAX_BUNDLE_BYTES, load_ca_bundle
from updates.registry.tls.trust import TrustMode, ssl_context

CA = certificate()
GOOD = pem(CA)
LEAF = pem(certificate("registry.lab", issuer="Lab CA", is_ca=False))
EXPIRED = pem(certificate("Old CA", starts=timedelta(days=-9), ends=timedelta(days=-2)))
FUTURE = pem(certificate("New CA", starts=timedelta(days=2)))
REQUEST = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(CA.subject)
    .sign(KEY, hashes.SHA256())
    .public_bytes(Encoding.PEM)
    .decode()
)
PKCS7 = pkcs7.serialize_certificates([CA], Encoding.PEM).decode()
BAD_CERTIFICATE_TYPE = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("2.16.840.1.113730.1.1"), b"\x05\x00"
)
LINES = GOOD.splitlines()
LONG_NAME = pem(certificate("a\nb\x1b[31m" + "c" * 40, issuer="Lab CA", is_ca=False))

EMPTY = "The CA bundle is empty."
BINARY = (
    "The CA bundle is binary (DER), not PEM text: convert it with"
    ' "openssl x509 -inform der -in FILE".'
)
NO_MARKERS = "The CA bundle lacks its BEGIN and END lines: give the whole file."
NO_PEM = "The CA bundle is not PEM: it has no BEGIN line."
NO_END = "The CA bundle is truncated: a BEGIN line has no END line."
NO_BEGIN = "The CA bundle is truncated: an END line has no BEGIN line."
BEHIND = "The CA bundle has something after its last END line: remove it."
HAS_KEY = "The CA bundle holds a private key: remove it, only certificates belong here."
LEAF_FOUND = (
    'The certificate "CN=registry.lab" is not a CA certificate: give the one that signed it.'
)
OWN_LEAF = (
    'The certificate "CN=registry.lab" is not a CA certificate, and nobody but itself signed it:'
    " make a CA, and sign the registry's certificate with it."
)
EXPIRED_FOUND = 'The certificate "CN=Old CA" expired on 2027-01-13.'
TOO_LARGE = "The CA bundle is larger than 1 MB."

REFUSED = {
    "empty": ("", EMPTY),
    "blank": ("\ufeff \r\n", EMPTY),
    "not PEM": ("hello", NO_PEM),
    "four dashes": (GOOD.replace("-----", "----"), NO_PEM),
    "DER as latin-1": (der(CA).decode("latin-1"), BINARY),
    "DER as UTF-8": (der(CA).decode(errors="replace"), BINARY),
    "DER as base64": (base64.encodebytes(der(CA)).decode(), NO_MARKERS),
    "DER as base64 in one line": (base64.b64encode(der(CA)).decode(), NO_MARKERS),
    "no END line": ("\n".join(LINES[:-1]), NO_END),
    "half an END line": (GOOD[:-10], NO_END),
    "second cut short": (GOOD + GOOD[: len(GOOD) // 2], NO_END),
    "no BEGIN line": ("\n".join(LINES[1:]), NO_PEM),
    "second lost its BEGIN line": ("\n".join([*LINES, *LINES[1:], *LINES]), NO_BEGIN),
    "lines missing": (
        "\n".join([*LINES[:3], *LINES[-1:]]),
        "Certificate 1 of the CA bundle is damaged or cut short.",
    ),
    "second damaged": (
        GOOD + GOOD.replace(LINES[2][:8], "!!!!????"),
        "Certificate 2 of the CA bundle is damaged or cut short.",
    ),
    "nothing between the lines": (
        f"{LINES[0]}\n{LINES[-1]}\n",
        "Certificate 1 of the CA bundle is damaged or cut short.",
    ),
    "escaped line ends": (
        GOOD.replace("\n", "\\n"),
        'The CA bundle is one line with "\\n" in it: put line breaks there.',
    ),
    "rubbish behind": (GOOD + "rubbish", BEHIND),
    "a zero byte behind": (GOOD + "\0", BEHIND),
    "half a BEGIN line behind": (GOOD + "-----BEGIN", BEHIND),
    "a leaf": (LEAF, LEAF_FOUND),
    "a leaf behind its CA": (GOOD + LEAF, LEAF_FOUND),
    "a leaf signed by itself": (pem(certificate("registry.lab", is_ca=False)), OWN_LEAF),
    "no constraints": (pem(certificate("registry.lab", is_ca=None)), OWN_LEAF),
    "a CA that may not sign": (
        pem(certificate("registry.lab", issuer="Lab CA", signs_certificates=False)),
        LEAF_FOUND,
    ),
    "an extension that OpenSSL cannot read": (
        pem(certificate(extension=BAD_CERTIFICATE_TYPE)),
        'The certificate "CN=Lab CA" is no CA that OpenSSL would accept.',
    ),
    "a key behind": (GOOD + KEY_PEM, HAS_KEY),
    "a key before": (KEY_PEM + GOOD, HAS_KEY),
    "a key alone": (KEY_PEM, HAS_KEY),
    "an RSA key": (GOOD + KEY_PEM.replace("PRIVATE", "RSA PRIVATE"), HAS_KEY),
    "an encrypted key": (GOOD + ENCRYPTED_KEY_PEM, HAS_KEY),
    "half a key": (GOOD + KEY_PEM[:60], HAS_KEY),
    "expired": (EXPIRED, EXPIRED_FOUND),
    "one of two expired": (GOOD + EXPIRED, EXPIRED_FOUND),
    "not yet valid": (FUTURE, 'The certificate "CN=New CA" is not valid before 2027-01-17.'),
    "a trusted certificate": (
        GOOD.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        (
            "Block 1 of the CA bundle is a TRUSTED CERTIFICATE, not a CERTIFICATE: convert it with"
            ' "openssl x509".'
        ),
    ),
    "PKCS #7": (
        PKCS7,
        (
            "Block 1 of the CA bundle is a PKCS7, not a CERTIFICATE: convert it with"
            ' "openssl pkcs7 -print_certs".'
        ),
    ),
    "a request": (
        GOOD + REQUEST,
        (
            "Block 2 of the CA bundle is a CERTIFICATE REQUEST, not a CERTIFICATE: give the"
            " certificate that a CA made of it."
        ),
    ),
    "a list of revoked certificates": (
        GOOD.replace("CERTIFICATE", "X509 CRL"),
        "Block 1 of the CA bundle is a X509 CRL, not a CERTIFICATE: only certificates belong here.",
    ),
    "over 1 MB": (GOOD + "#" * MAX_BUNDLE_BYTES, TOO_LARGE),
    "over 1 MB with a key": (KEY_PEM + "\n" * MAX_BUNDLE_BYTES, TOO_LARGE),
}

ACCEPTED = {
    "as it is": GOOD,
    "no last line end": GOOD.strip(),
    "Windows line ends": GOOD.replace("\n", "\r\n"),
    "old Mac line ends": GOOD.replace("\n", "\r"),
    "a byte order mark": "\ufeff" + GOOD,
    "indented": "\n".join(f"    {line}" for line in LINES),
    "in one line": " ".join(LINES),
    "a comment": f"# the lab's CA, größer als andere\nSubject: x\n{GOOD}\n\n",
    "a comment between": f"{GOOD}\n# the same again\n{GOOD}",
    "twice": GOOD + GOOD,
    "twice, differently": GOOD + GOOD.replace("\n", "\r\n"),
    "an old label": GOOD.replace("CERTIFICATE", "X509 CERTIFICATE"),
    "just 1 MB": "#" * (MAX_BUNDLE_BYTES - len(GOOD) - 1) + "\n" + GOOD,
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_useless_bundle_is_refused_with_its_own_sentence(case: str) -> None:
    text, sentence = REFUSED[case]

    with pytest.raises(TrustError) as refused:
        load_ca_bundle(text, now=NOW)

    assert refused.value.reason == str(refused.value) == sentence
    assert not refused.value.retryable


@pytest.mark.parametrize("case", ACCEPTED)
def test_however_it_was_pasted_the_same_canonical_text_comes_out(case: str) -> None:
    bundle = load_ca_bundle(ACCEPTED[case], now=NOW)

    assert bundle.pem == GOOD
    assert len(bundle.certificates) == 1


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        ACCEPTED["twice, differently"],
        GOOD + pem(certificate("Second CA")) + pem(certificate("Third", issuer="Lab CA")),
        GOOD + pem(certificate("Signs", signs_certificates=True)),
    ],
    ids=["one", "one twice", "three", "with a key usage"],
)
def test_openssl_takes_every_certificate_of_a_bundle_for_a_ca(text: str) -> None:
    bundle = load_ca_bundle(text, now=NOW)

    context = ssl_context(TrustMode.CA_ONLY, bundle)

    assert len(context.get_ca_certs()) == len(bundle.certificates)
    assert context.cert_store_stats()["x509"] == len(bundle.certificates)


def test_a_certificate_is_described_for_people() -> None:
    (described,) = load_ca_bundle(GOOD, now=NOW).certificates

    assert described.subject == described.issuer == "CN=Lab CA"
    assert (described.not_before, described.not_after) == (
        NOW - timedelta(days=1),
        NOW + timedelta(days=30),
    )
    assert described.fingerprint_sha256 == CA.fingerprint(hashes.SHA256()).hex()


@pytest.mark.parametrize(
    ("days_left", "is_near"), [(30.01, False), (29.99, True), (0, True), (-3, True)]
)
def test_an_end_within_thirty_days_is_near(days_left: float, is_near: bool) -> None:
    (described,) = load_ca_bundle(GOOD, now=NOW).certificates
    now = described.not_after - timedelta(days=days_left)

    assert described.expires_within(30, now=now) is is_near


def test_several_cas_keep_their_order() -> None:
    bundle = load_ca_bundle(GOOD + pem(certificate("Second CA")), now=NOW)

    assert [c.subject for c in bundle.certificates] == ["CN=Lab CA", "CN=Second CA"]


def test_what_expired_since_it_was_accepted_is_left_out() -> None:
    bundle = load_ca_bundle(EXPIRED + GOOD, now=NOW, expired_may_stay=True)

    assert bundle.pem == GOOD


def test_a_bundle_that_expired_whole_is_refused_all_the_same() -> None:
    with pytest.raises(TrustError, match="expired"):
        load_ca_bundle(EXPIRED, now=NOW, expired_may_stay=True)


def test_a_name_cannot_bring_control_characters_into_a_sentence() -> None:
    with pytest.raises(TrustError, match="is not a CA") as refused:
        load_ca_bundle(LONG_NAME, now=NOW)

    assert refused.value.reason.isprintable()
