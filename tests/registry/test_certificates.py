"""CA bundles: what is refused, why, and what is made of the rest."""

import base64
from datetime import timedelta

import pytest

from tests.registry.certificate_files import KEY_PEM, NOW, certificate, der, pem
from updates.registry.certificates import MAX_BUNDLE_BYTES, load_ca_bundle
from updates.registry.errors import TrustError

GOOD = pem(certificate())
LEAF = pem(certificate("registry.lab", is_ca=False))
EXPIRED = pem(certificate("Old CA", starts=timedelta(days=-9), ends=timedelta(days=-2)))
LINES = GOOD.splitlines()

REFUSED = [
    ("", "is empty"),
    ("\ufeff \r\n", "is empty"),
    ("hello", "not PEM: it has no BEGIN"),
    (der(certificate()).decode("latin-1"), "binary \\(DER\\)"),
    (der(certificate()).decode(errors="replace"), "binary \\(DER\\)"),
    (base64.encodebytes(der(certificate())).decode(), "lacks its BEGIN"),
    ("\n".join(LINES[:-1]), "truncated: a BEGIN line"),
    (GOOD + GOOD[: len(GOOD) // 2], "truncated: a BEGIN line"),
    ("\n".join([*LINES[:3], *LINES[-1:]]), "Certificate 1 .* damaged or cut short"),
    (GOOD + GOOD.replace(LINES[2][:8], "!!!!????"), "Certificate 2 .* damaged or cut short"),
    (GOOD.replace("\n", "\\n"), "one line with"),
    (GOOD + "rubbish", "something after its last certificate"),
    (GOOD + "\0", "something after its last certificate"),
    (LEAF, 'The certificate "CN=registry.lab" is not a CA'),
    (GOOD + LEAF, 'The certificate "CN=registry.lab" is not a CA'),
    (pem(certificate("v3 without constraints", is_ca=None)), "is not a CA"),
    (GOOD + KEY_PEM, "private key"),
    (KEY_PEM + GOOD, "private key"),
    (KEY_PEM.replace("PRIVATE", "RSA PRIVATE"), "private key"),
    (EXPIRED, r'"CN=Old CA" expired on 2027-01-13'),
    (GOOD + EXPIRED, r'"CN=Old CA" expired on 2027-01-13'),
    (pem(certificate(starts=timedelta(days=2))), "not valid before 2027-01-17"),
    (GOOD.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), "Block 1 .* TRUSTED CERTIFICATE"),
    (GOOD.replace("CERTIFICATE", "PKCS7"), "Block 1 .* PKCS7"),
    (GOOD + "#" * MAX_BUNDLE_BYTES, "larger than 1 MB"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=range(len(REFUSED)))
def test_a_useless_bundle_is_refused_with_its_own_sentence(text: str, why: str) -> None:
    with pytest.raises(TrustError, match=why) as refused:
        load_ca_bundle(text, now=NOW)

    assert refused.value.reason == str(refused.value)
    assert refused.value.reason.endswith(".")
    assert "\n" not in refused.value.reason


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.strip(),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "\n".join(f"    {line}" for line in LINES),
        f"# the lab's CA, größer als andere\nSubject: x\n{GOOD}\n\n",
        GOOD + GOOD,
        GOOD.replace("CERTIFICATE", "X509 CERTIFICATE"),
    ],
    ids=range(8),
)
def test_however_it_was_pasted_the_same_canonical_text_comes_out(text: str) -> None:
    bundle = load_ca_bundle(text, now=NOW)

    assert bundle.pem == GOOD
    assert len(bundle.certificates) == 1


def test_a_certificate_is_described_for_people() -> None:
    (described,) = load_ca_bundle(GOOD, now=NOW).certificates

    assert described.subject == described.issuer == "CN=Lab CA"
    assert (described.not_before, described.not_after) == (
        NOW - timedelta(days=1),
        NOW + timedelta(days=30),
    )
    assert len(described.fingerprint_sha256) == 64


def test_several_cas_keep_their_order() -> None:
    bundle = load_ca_bundle(GOOD + pem(certificate("Second CA")), now=NOW)

    assert [c.subject for c in bundle.certificates] == ["CN=Lab CA", "CN=Second CA"]


def test_what_expired_since_it_was_accepted_is_left_out() -> None:
    bundle = load_ca_bundle(EXPIRED + GOOD, now=NOW, expired_may_stay=True)

    assert bundle.pem == GOOD


def test_a_bundle_that_expired_whole_is_refused_all_the_same() -> None:
    with pytest.raises(TrustError, match="expired"):
        load_ca_bundle(EXPIRED, now=NOW, expired_may_stay=True)
