"""Which token service may be asked, and which may get the credentials."""

import pytest

from updates.registry.config import RegistryConfig
from updates.registry.errors import AuthError, NotARegistry
from updates.registry.logins.credentials import Credentials
from updates.registry.realm import Bearer, check_realm

ALICE = Credentials("alice", "hunter2")


@pytest.mark.parametrize(
    ("config", "realm"),
    [
        (RegistryConfig("ghcr.io", ALICE), "https://ghcr.io/token"),
        (RegistryConfig("lab:5000", ALICE), "https://lab:5001/token"),
        (RegistryConfig("docker.io", ALICE), "https://auth.docker.io/token"),
        (RegistryConfig("docker.io", ALICE), "https://registry-1.docker.io/token"),
        (RegistryConfig("registry.gitlab.com", ALICE), "https://gitlab.com/jwt/auth"),
        (RegistryConfig("r.corp", ALICE, realm_hosts=("Auth.corp",)), "https://auth.corp/t?x=1"),
        (
            RegistryConfig("r.corp", ALICE, realm_hosts=("auth.corp:8443",)),
            "https://auth.corp:8443",
        ),
        (RegistryConfig("lab:5000", ALICE, plain_http=True), "http://lab:5001/token"),
        (RegistryConfig("r.corp"), "https://anywhere.example/token"),
        (RegistryConfig("r.corp", plain_http=True), "http://anywhere.example/token"),
        (RegistryConfig("[::1]:5000", ALICE), "https://[::1]:5001/token"),
        (RegistryConfig("GHCR.io", ALICE), "HTTPS://ghcr.IO/token"),
        (RegistryConfig("r.corp", ALICE, realm_hosts=(" auth.corp:443 ",)), "https://auth.corp/t"),
        (RegistryConfig("r.corp", ALICE, realm_hosts=("auth.corp",)), "https://auth.corp:8443/t"),
        (RegistryConfig("r.corp", ALICE, realm_hosts=("[fd00::1]",)), "https://[fd00::1]:8443/t"),
        (RegistryConfig("r.corp", ALICE, realm_hosts=("[fd00::1]:443",)), "https://[FD00::1]/t"),
        (RegistryConfig("r.corp", ALICE, api_host="api.corp"), "https://api.corp/token"),
    ],
)
def test_a_realm_that_belongs_to_the_registry_is_asked(config: RegistryConfig, realm: str) -> None:
    check_realm(Bearer(realm, "s"), config)


@pytest.mark.parametrize(
    ("config", "realm", "names"),
    [
        (RegistryConfig("ghcr.io", ALICE), "https://evil.example/token", "evil.example"),
        (RegistryConfig("ghcr.io", ALICE), "https://ghcr.io./token", "ghcr.io."),
        (RegistryConfig("ghcr.io", ALICE), "https://ghcr.io%2e/token", "ghcr.io%2e"),
        (
            RegistryConfig("r.corp", ALICE, realm_hosts=("auth.corp:443",)),
            "https://auth.corp:444/",
            "auth.corp:444",
        ),
        (RegistryConfig("r.corp", ALICE, realm_hosts=("",)), "https://auth.corp/", "auth.corp"),
        (
            RegistryConfig("ghcr.io", Credentials("<token>", identity_token="i")),
            "https://evil.example/token",
            "evil.example",
        ),
        (RegistryConfig("ghcr.io", ALICE), "https://ghcr.io.evil.example/", "ghcr.io.evil.example"),
        (RegistryConfig("ghcr.io", ALICE), "https://auth.docker.io/token", "auth.docker.io"),
        (RegistryConfig("gitlab.corp:5050", ALICE), "https://git.corp/jwt/auth", "git.corp"),
        (RegistryConfig("r", ALICE, realm_hosts=("auth:8443",)), "https://auth:9000/", "auth:9000"),
        (
            RegistryConfig("r", ALICE, plain_http=True, realm_hosts=("auth",)),
            "http://auth/token",
            "auth",
        ),
    ],
)
def test_credentials_go_to_no_other_host_and_the_sentence_names_it(
    config: RegistryConfig, realm: str, names: str
) -> None:
    with pytest.raises(AuthError, match="allow that host") as refused:
        check_realm(Bearer(realm, "s"), config)

    assert f" {names}:" in str(refused.value)


def test_a_realm_without_tls_is_not_asked() -> None:
    with pytest.raises(AuthError) as refused:
        check_realm(Bearer("http://ghcr.io/token?key=s3cret", "s"), RegistryConfig("ghcr.io"))

    assert str(refused.value) == (
        "ghcr.io names a token service without TLS (ghcr.io): it is not asked."
    )


def test_no_sentence_repeats_the_query_of_a_realm() -> None:
    realm = "https://evil.example/token?key=s3cret"
    with pytest.raises(AuthError) as refused:
        check_realm(Bearer(realm, "s"), RegistryConfig("ghcr.io", ALICE))

    assert str(refused.value) == (
        "ghcr.io wants its credentials sent to evil.example: allow that host for this registry if"
        " it is right."
    )


@pytest.mark.parametrize(
    "realm",
    [
        "",
        "token",
        "/token",
        "//ghcr.io/token",
        "https:///token",
        "ftp://ghcr.io/token",
        "file:///etc/passwd",
        "https://alice:pw@ghcr.io/token",
        "https://ghcr.io:99999/token",
        "https://[::1/token",
        "https://ghcr.io\u2044evil/token",
        "https://ghcr.io\\.evil.example/token",
        "https://ghcr.io\\@evil.example/token",
        "https://ghcr.io evil.example/token",
        "https://ghcr.io\t.evil.example/token",
        " https://ghcr.io/token",
        "https://ghcr.io/token\n",
        "https://ghcr.io/token?a b",
        "https://ghcr.io:0/token",
        "https://ghcr.io:port/token",
        "https://ghcr.io:-1/token",
        "https:ghcr.io/token",
        "https://",
        "https://@ghcr.io/token",
        "https://[gh]/token",
        "javascript:alert(1)",
    ],
)
def test_a_malformed_realm_is_refused(realm: str) -> None:
    with pytest.raises(NotARegistry, match="no usable address"):
        check_realm(Bearer(realm, "s"), RegistryConfig("ghcr.io", ALICE))
