"""Addresses of engines, good and bad."""

import ssl

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from updates.engine.endpoint import Endpoint, TLSMaterial, check_url


@pytest.mark.parametrize(
    "url",
    [
        "unix:///var/run/docker.sock",
        "tcp://10.0.0.5:2376",
        "tcp://[fd00::5]:2376",
        "https://engine.test/behind/a/proxy",
        "http://127.0.0.1:2375",
        "ssh://admin@nas",
        "ssh://admin@nas:2222",
    ],
)
def test_an_address_that_an_engine_can_have_is_taken(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "starts with"),
        ("10.0.0.5:2376", "starts with"),
        ("/var/run/docker.sock", "starts with"),
        ("npipe:////./pipe/docker", "starts with"),
        ("unix:var/run/docker.sock", "starts with"),
        ("unix://var/run/docker.sock", "three slashes"),
        ("unix:///", "three slashes"),
        ("tcp://10.0.0.5", "needs a port"),
        ("tcp://10.0.0.5:0", "needs a port"),
        ("tcp://10.0.0.5:99999", "1 to 65535"),
        ("tcp://10.0.0.5:docker", "1 to 65535"),
        ("tcp://:2376", "no host"),
        ("tcp://10.0.0.5:2376/v1.41", "ends with"),
        ("tcp://[fd00::5:2376", "not one"),
        ("tcp://10.0.0.5:2376?tls=1", "no “"),
        ("tcp://10.0.0.5:23 76", "no spaces"),
        ("tcp://10.0.0.5:2376\n", "no spaces"),
        ("tcp://admin@10.0.0.5:2376", "no user name"),
        ("ssh://admin:hush@nas", "password"),
    ],
)
def test_junk_is_refused_with_the_reason(url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        check_url(url)
    assert "hush" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_tls_material_makes_tcp_https() -> None:
    assert Endpoint("tcp://nas:2376", TLSMaterial()).base_url == "https://nas:2376"
    assert Endpoint("tcp://nas:2375").base_url == "http://nas:2375"
    assert Endpoint("unix:///run/docker.sock").base_url == "unix:///run/docker.sock"


def test_a_key_is_in_no_repr() -> None:
    assert "hush" not in repr(Endpoint("tcp://nas:2376", TLSMaterial("ca", "cert", "hush")))


def test_a_ca_of_ones_own_is_the_only_one_trusted() -> None:
    ca = trustme.CA()
    context = TLSMaterial(ca=ca.cert_pem.bytes().decode()).context()
    assert context.cert_store_stats()["x509"] == 1
    assert context.check_hostname


def test_an_encrypted_key_fails_without_asking(capfd: pytest.CaptureFixture[str]) -> None:
    leaf = trustme.CA().issue_cert("client@nas.test")
    cert = leaf.cert_chain_pems[0].bytes().decode()
    with pytest.raises(ssl.SSLError):
        TLSMaterial(cert=cert, key=_encrypted(leaf.private_key_pem.bytes())).context()
    assert capfd.readouterr().err == ""


def _encrypted(pem: bytes) -> str:
    key = serialization.load_pem_private_key(pem, None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    ).decode()
