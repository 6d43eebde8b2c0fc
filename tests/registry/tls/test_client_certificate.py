"""A client certificate with its key: judged before it is saved, as OpenSSL will load it."""

import ssl
from dataclasses import dataclass
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.certificate_files import (
    ENCRYPTED_KEY_PEM,
    KEY,
    KEY_PEM,
    NOW,
    certificate,
    key_pem,
    pem,
)
from updates.registry.errors import TrustError
from updates.registry.tls.client_certificate import (
    ClientCertificate,
    add_client_certificate,
    load_client_certificate,
)

OWN = pem(certificate("watchweb", issuer="Lab CA", is_ca=False))
CA = pem(certificate())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = pem(certificate("intermediate", issuer="Lab CA", key=OTHER_KEY))
EXPIRED = pem(certificate("watchweb", starts=timedelta(days=-9), ends=timedelta(days=-2)))
FUTURE = pem(certificate("watchweb", starts=timedelta(days=2)))
LEGACY = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL)
EC_KEY_PEM = KEY.private_bytes(*LEGACY, NoEncryption()).decode()
LOCKED_EC_KEY_PEM = KEY.private_bytes(*LEGACY, BestAvailableEncryption(b"x")).decode()
SSH_KEY_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
WEAK_KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505
EC_PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"

LOCKED = 'The client key is encrypted: take its password away with "openssl pkey -in FILE".'
STRANGE = "The client key does not belong to the client certificate."
HAS_KEY = "The client certificate holds a private key: remove it, only certificates belong here."

REFUSED = {
    "no certificate": ("", KEY_PEM, "The client certificate is empty."),
    "a certificate that is not PEM": (
        "hello",
        KEY_PEM,
        "The client certificate is not PEM: it has no BEGIN line.",
    ),
    "half a certificate": (
        OWN[:-9],
        KEY_PEM,
        "The client certificate is truncated: a BEGIN line has no END line.",
    ),
    "a damaged certificate": (
        OWN.replace(OWN[40:60], ""),
        KEY_PEM,
        "Certificate 1 of the client certificate is damaged or cut short.",
    ),
    "certificate and key in one": (OWN + KEY_PEM, KEY_PEM, HAS_KEY),
    "the two changed about": (KEY_PEM, OWN, HAS_KEY),
    "no key": (OWN, "", "The client key is empty."),
    "a key that is not PEM": (OWN, "hello", "The client key is not PEM: it has no BEGIN line."),
    "half a key": (
        OWN,
        KEY_PEM[:-9],
        "The client key is truncated: a BEGIN line has no END line.",
    ),
    "a damaged key": (
        OWN,
        KEY_PEM.replace(KEY_PEM[40:60], ""),
        "The client key is damaged, or of a kind unknown here.",
    ),
    "a certificate for a key": (
        OWN,
        OWN,
        "The client key holds no private key: it has no BEGIN PRIVATE KEY line.",
    ),
    "two keys": (OWN, KEY_PEM + KEY_PEM, "The client key holds several private keys: give one."),
    "an encrypted key": (OWN, ENCRYPTED_KEY_PEM, LOCKED),
    "an encrypted key of the old form": (OWN, LOCKED_EC_KEY_PEM, LOCKED),
    "a key behind rubbish": (
        OWN,
        KEY_PEM + "x",
        "The client key has something after its last END line: remove it.",
    ),
    "an SSH key": (OWN, SSH_KEY_PEM, "The client key is damaged, or of a kind unknown here."),
    "another key": (OWN, key_pem(OTHER_KEY), STRANGE),
    "a key of another kind": (OWN, key_pem(WEAK_KEY), STRANGE),
    "a CA for a certificate": (OTHER, KEY_PEM, STRANGE),
    "the chain first": (
        OTHER + OWN,
        KEY_PEM,
        "The client certificate that the key belongs to must come first, its chain after it.",
    ),
    "expired": (EXPIRED, KEY_PEM, 'The certificate "CN=watchweb" expired on 2027-01-13.'),
    "not yet valid": (
        FUTURE,
        KEY_PEM,
        'The certificate "CN=watchweb" is not valid before 2027-01-17.',
    ),
    "over 1 MB": (
        OWN + "#" * 1024 * 1024,
        KEY_PEM,
        "The client certificate is larger than 1 MB.",
    ),
    "a key over 1 MB": (OWN, KEY_PEM + "\n" * 1024 * 1024, "The client key is larger than 1 MB."),
}

ACCEPTED = {
    "alone": (OWN, KEY_PEM),
    "with its chain": (OWN + OTHER + CA, KEY_PEM),
    "with a CA bundle for a chain": (OWN + CA + OTHER, KEY_PEM),
    "Windows line ends": (OWN.replace("\n", "\r\n"), KEY_PEM.replace("\n", "\r\n")),
    "byte order marks": ("\ufeff" + OWN, "\ufeff" + KEY_PEM),
    "comments": (f"subject=größer\n{OWN}\nissuer=x\n{CA}", f"Bag Attributes\n{KEY_PEM}"),
    "indented": (OWN.replace("\n", "\n  "), KEY_PEM.replace("\n", "\n  ")),
    "in one line": (OWN.replace("\n", " "), KEY_PEM.replace("\n", " ")),
    "a key of the old form": (OWN, EC_KEY_PEM),
    "a key with its curve": (OWN, EC_PARAMETERS + EC_KEY_PEM),
    "the certificate beside the key": (OWN, KEY_PEM + OWN),
}


def complaint_about(certificate_pem: str, key: str) -> str:
    """What is said of a pair; "" when it is good."""
    try:
        load_client_certificate(certificate_pem, key, now=NOW)
    except TrustError as error:
        return error.reason
    return ""


@pytest.mark.parametrize("case", REFUSED)
def test_an_unusable_pair_is_refused_with_its_own_sentence(case: str) -> None:
    certificate_pem, key, sentence = REFUSED[case]

    assert complaint_about(certificate_pem, key) == sentence


@pytest.mark.parametrize("case", ACCEPTED)
def test_however_it_was_pasted_openssl_can_load_it(case: str) -> None:
    certificate_pem, key = ACCEPTED[case]

    described = load_client_certificate(certificate_pem, key, now=NOW)
    add_client_certificate(
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ClientCertificate(certificate_pem, key)
    )

    assert (described.subject, described.issuer) == ("CN=watchweb", "CN=Lab CA")
    assert described.not_after == NOW + timedelta(days=30)


def test_what_openssl_alone_refuses_is_a_sentence_with_its_reason() -> None:
    own = pem(certificate("weak", key=WEAK_KEY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("DEFAULT:@SECLEVEL=2")

    with pytest.raises(TrustError, match=r"does not accept the client .* \(EE_KEY_TOO_SMALL\)\."):
        add_client_certificate(context, ClientCertificate(own, key_pem(WEAK_KEY)))


def test_an_expired_certificate_is_still_shown_once_it_was_saved() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    add_client_certificate(context, ClientCertificate(EXPIRED, KEY_PEM))


@dataclass(frozen=True, slots=True)
class Change:
    """Replace the character at a position of a text."""

    position: int
    character: str

    def of(self, text: str) -> str:
        at = self.position % len(text)
        return text[:at] + self.character + text[at + 1 :]


_changes = st.builds(Change, st.integers(0, 2000), st.sampled_from("A+/=-\n \0é"))


@given(_changes, _changes)
def test_a_damaged_pair_is_judged_and_no_sentence_repeats_the_key(
    first: Change, second: Change
) -> None:
    complaint = complaint_about(first.of(OWN), second.of(KEY_PEM))

    assert complaint.isprintable()
    assert KEY_PEM.splitlines()[1][:12] not in complaint


def test_a_client_key_is_in_no_representation() -> None:
    assert "PRIVATE" not in repr(ClientCertificate("cert", KEY_PEM))
