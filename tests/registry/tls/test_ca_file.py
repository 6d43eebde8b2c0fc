"""Files of CA certificates: each trouble is one clear line."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.registry.certificate_files import NOW, certificate, der, pem
from updates.registry.errors import TrustError
from updates.registry.tls.ca_file import load_ca_file
from updates.registry.tls.certificates import MAX_BUNDLE_BYTES, load_ca_bundle

GOOD = pem(certificate())
BUNDLE = load_ca_bundle(GOOD, now=NOW)
EXPIRED = pem(certificate("Old CA", starts=timedelta(days=-9), ends=timedelta(days=-2)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_cas_is_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(f"# größer\n{GOOD}", encoding=encoding)

    assert load_ca_file(str(file), now=NOW) == BUNDLE


def test_a_comment_in_another_encoding_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes("# größer\n".encode("latin-1") + GOOD.encode())

    assert load_ca_file(str(file), now=NOW) == BUNDLE


FILES = {
    "empty": (b"", "The CA bundle is empty."),
    "no PEM": (b"hello", "The CA bundle is not PEM: it has no BEGIN line."),
    "DER": (
        der(certificate()),
        (
            "The CA bundle is binary (DER), not PEM text: convert it with"
            ' "openssl x509 -inform der -in FILE".'
        ),
    ),
    "no CA": (
        pem(certificate("registry.lab", issuer="Lab CA", is_ca=False)).encode(),
        'The certificate "CN=registry.lab" is not a CA certificate: give the one that signed it.',
    ),
    "expired": (EXPIRED.encode(), 'The certificate "CN=Old CA" expired on 2027-01-13.'),
    "over 1 MB": (b"#" * (MAX_BUNDLE_BYTES + 1), "The CA bundle is larger than 1 MB."),
    "far over 1 MB": (
        GOOD.encode() + b"\xff" * 3 * MAX_BUNDLE_BYTES,
        "The CA bundle is larger than 1 MB.",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_useless_file_is_one_clear_line(tmp_path: Path, case: str) -> None:
    content, sentence = FILES[case]
    file = tmp_path / "ca.pem"
    file.write_bytes(content)

    with pytest.raises(TrustError) as refused:
        load_ca_file(str(file), now=NOW)

    assert refused.value.reason == sentence


def test_a_file_with_one_expired_ca_may_lose_it(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(EXPIRED + GOOD)

    assert load_ca_file(str(file), now=NOW, expired_may_stay=True) == BUNDLE
    with pytest.raises(TrustError, match="expired"):
        load_ca_file(str(file), now=NOW)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/nonexistent/ca.pem", "The CA file does not exist."),
        ("", "The CA file is a folder: name the file in it."),
        ("/", "The CA file is a folder: name the file in it."),
        ("/dev/zero", "The CA file is no regular file."),
        ("ca\0pem", "The CA file cannot be read: its name is malformed."),
        ("/etc/hosts/ca.pem", "The CA file cannot be read: Not a directory."),
        ("/proc/self/mem", "The CA file cannot be read: Input/output error."),
        ("x" * 300, "The CA file cannot be read: File name too long."),
    ],
)
def test_what_is_no_file_is_one_clear_line(path: str, sentence: str) -> None:
    with pytest.raises(TrustError) as refused:
        load_ca_file(path, now=NOW)

    assert refused.value.reason == sentence


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(TrustError, match="no regular file"):
        load_ca_file(str(tmp_path / "pipe"), now=NOW)
