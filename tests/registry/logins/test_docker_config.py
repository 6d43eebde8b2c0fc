"""config.json and Watchtower's variables: every login found, the rest explained in sentences."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.registry.errors import DockerConfigError
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.docker_config import (
    MAX_CONFIG_BYTES,
    DockerConfig,
    Login,
    environment_login,
    read_docker_config,
)

HUB = "https://index.docker.io/v1/"
SECRET = "hunter2-s3cret"


def auth(pair: str) -> dict[str, str]:
    return {"auth": base64.b64encode(pair.encode()).decode()}


def read(auths: Any = None, **rest: Any) -> DockerConfig:
    return read_docker_config(json.dumps({"auths": {} if auths is None else auths, **rest}))


ENTRIES: list[tuple[str, dict[str, Any], Credentials]] = [
    ("as docker login writes it", auth("ann:pw"), Credentials("ann", "pw")),
    ("a colon in the password", auth("ann:p:w"), Credentials("ann", "p:w")),
    ("in fields", {"username": "ann", "password": "pw"}, Credentials("ann", "pw")),
    ("auth goes before fields", auth("ann:pw") | {"username": "x"}, Credentials("ann", "pw")),
    ("zero bytes at the end", auth("ann:pw\0\0"), Credentials("ann", "pw")),
    ("the URL-safe alphabet", {"auth": "YW5uOn5-fj8_Pw"}, Credentials("ann", "~~~???")),
    ("the standard alphabet", {"auth": "YW5uOn5+fj8/Pw=="}, Credentials("ann", "~~~???")),
    ("no ASCII", auth("ann:paß"), Credentials("ann", "paß")),
    (
        "an identity token beside a user",
        auth("ann:") | {"identitytoken": "refresh"},
        Credentials("ann", identity_token="refresh"),
    ),
    (
        "an identity token alone",
        {"identitytoken": "refresh"},
        Credentials("<token>", identity_token="refresh"),
    ),
    (
        "an identity token as the password",
        auth("<token>:refresh"),
        Credentials("<token>", identity_token="refresh"),
    ),
    ("with what else is written", auth("ann:pw") | {"email": "x"}, Credentials("ann", "pw")),
]


@pytest.mark.parametrize(
    ("entry", "expected"), [row[1:] for row in ENTRIES], ids=[row[0] for row in ENTRIES]
)
def test_a_login_is_read_in_each_of_its_forms(entry: dict[str, Any], expected: Credentials) -> None:
    assert read({"ghcr.io": entry}) == DockerConfig((Login("ghcr.io", expected),), ())


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        (HUB, "docker.io"),
        ("registry-1.docker.io", "docker.io"),
        ("https://registry.example.com:5000", "registry.example.com:5000"),
        ("http://localhost:5000/v2/", "localhost:5000"),
        ("[::1]:5000", "[::1]:5000"),
    ],
)
def test_an_address_becomes_the_domain_of_references(address: str, domain: str) -> None:
    assert [login.domain for login in read({address: auth("ann:pw")}).logins] == [domain]


def test_the_last_of_several_logins_wins_and_says_so() -> None:
    config = read({HUB: auth("ann:1"), "ghcr.io": auth("bob:2"), "docker.io": auth("cat:3")})

    assert config.logins == (
        Login("docker.io", Credentials("cat", "3")),
        Login("ghcr.io", Credentials("bob", "2")),
    )
    assert config.notes == ("There are several logins for docker.io: the last one is used.",)


def test_what_docker_keeps_of_a_login_by_browser_is_no_second_login() -> None:
    config = read(
        {
            HUB: auth("ann:pw"),
            f"{HUB}access-token": auth("ann:other"),
            f"{HUB}refresh-token": auth("ann:other"),
        }
    )

    assert config == DockerConfig((Login("docker.io", Credentials("ann", "pw")),), ())


NOTED = [
    ({"ghcr.io": {}}, {}, "ghcr.io lacks its user name or secret"),
    ({"ghcr.io": {"username": "ann"}}, {}, "ghcr.io lacks its user name or secret"),
    ({"ghcr.io": auth(":pw")}, {}, "ghcr.io lacks its user name or secret"),
    ({"ghcr.io": {"registrytoken": SECRET}}, {}, "registry token, which ends within minutes"),
    ({"ghcr.io": {}}, {"credsStore": "desktop"}, 'ghcr.io is kept by the helper "desktop"'),
    (
        {"ghcr.io": {}},
        {"credsStore": "pass", "credHelpers": {"https://ghcr.io": "gh"}},
        'secret for ghcr.io is kept by the helper "gh"',
    ),
    ({"*.example.com": auth("ann:pw")}, {}, "is not the address of a registry"),
    ({"ghcr.io/team": auth("ann:pw")}, {}, "for a part of ghcr.io is used for all of it"),
    ({"1.dkr.ecr.eu-west-1.amazonaws.com": auth("AWS:x")}, {}, "ends within hours"),
    ({"gcr.io": auth("oauth2accesstoken:x")}, {}, "ends within hours"),
    ({}, {"credsStore": "desktop"}, "Run docker-credential-desktop get"),
    ({}, {"credsStore": "osxkeychain"}, "Run docker-credential-osxkeychain get"),
    ({}, {"credsStore": "secretservice"}, "run docker login"),
    ({}, {"credsStore": "pass"}, "run docker login"),
    ({}, {"credsStore": "wincred"}, "run docker login"),
    ({}, {"credHelpers": {"gcr.io": "gcloud"}}, "kind Google Artifact Registry"),
    ({}, {"credHelpers": {"gcr.io": "gcr"}}, "kind Google Artifact Registry"),
    ({}, {"credHelpers": {"x.azurecr.io": "acr-env"}}, "kind Azure Container Registry"),
    (
        {},
        {"credHelpers": {"b.example": "ecr-login", "a.example": "ecr-login", "c.example": "gcr"}},
        'a.example, b.example is kept by the helper "ecr-login". Add the registry with the kind A',
    ),
    ({}, {"credHelpers": {f"{n}.example": "x" for n in range(7)}}, "4.example and 2 more"),
]


@pytest.mark.parametrize(("auths", "rest", "expected"), NOTED)
def test_what_is_left_out_or_will_not_last_is_explained(
    auths: dict[str, Any], rest: dict[str, Any], expected: str
) -> None:
    notes = read(auths, **rest).notes

    assert any(expected in note for note in notes), notes
    assert all(note.endswith(".") and SECRET not in note for note in notes)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no JSON object"),
        ("null", "no JSON object"),
        (" " * (MAX_CONFIG_BYTES + 1), "larger than 1 MB"),
        ("{}", "holds no login"),
        ('{"auths": {}}', "holds no login"),
        ('{"auths": null, "credHelpers": {"ghcr.io": ""}}', "holds no login"),
        ('{"auths": []}', '"auths" of this config.json is no JSON object'),
        ('{"credHelpers": 7}', '"credHelpers" of this config.json is no JSON object'),
        ('{"auths": {"ghcr.io": []}}', "The login for ghcr.io is no JSON object"),
        ('{"auths": {"ghcr.io": {"auth": 7}}}', '"auth" of the login for ghcr.io is no text'),
        ('{"auths": {"ghcr.io": {"password": "\\ud800"}}}', "is no text"),
        ('{"auths": {"ghcr.io": {"auth": "hunter2-s3cret!"}}}', "is no base64"),
        ('{"auths": {"ghcr.io": {"auth": "/w=="}}}', "is no base64"),
        ('{"auths": {"ghcr.io": {"auth": "hunter2s3cre"}}}', "is no base64"),
        ('{"auths": {"ghcr.io": {"auth": "aHVudGVyMg=="}}}', "no user name and password in base64"),
        (json.dumps({"auths": {"ghcr.io": auth("a\nb:pw")}}), "user name that cannot be one"),
        ('{"credsStore": "x; rm -rf /"}', "credential helper that can be none"),
        ('{"credsStore": ["x"]}', "credential helper that can be none"),
        ('{"credHelpers": {"ghcr.io": "../x"}}', "credential helper that can be none"),
    ],
)
def test_a_malformed_file_is_one_sentence_without_its_secrets(text: str, sentence: str) -> None:
    with pytest.raises(DockerConfigError) as caught:
        read_docker_config(text)

    said = str(caught.value)
    assert sentence in said
    assert "hunter2" not in said
    assert said.endswith(".")
    assert caught.value.__cause__ is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ADDRESS = st.sampled_from([HUB, "ghcr.io", "https://", "a/b", ""]) | st.text(max_size=20)
PAIR = st.text(max_size=20).map(lambda s: base64.b64encode(s.encode()).decode())
FIELD = st.sampled_from(["auth", "username", "password", "identitytoken", "registrytoken"])
ENTRY = JSON | st.dictionaries(FIELD, JSON | PAIR | st.text(max_size=20), max_size=4)
FILE = st.fixed_dictionaries(
    {},
    optional={
        "auths": JSON | st.dictionaries(ADDRESS, ENTRY, max_size=4),
        "credsStore": JSON | st.sampled_from(["desktop", "pass"]),
        "credHelpers": JSON | st.dictionaries(ADDRESS, st.sampled_from(["gcr", "", "x y"])),
    },
)


@given(st.text() | FILE.map(json.dumps) | JSON.map(json.dumps))
def test_whatever_the_text_it_is_read_or_refused_in_one_way(text: str) -> None:
    try:
        config = read_docker_config(text)
    except DockerConfigError:
        return
    domains = [login.domain for login in config.logins]
    assert len(set(domains)) == len(domains)
    assert domains or config.notes
    for login in config.logins:
        assert login.credentials.username
        assert login.credentials.basic
        assert login.credentials.fingerprint


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=":"))


@given(PRINTABLE.filter(lambda u: u not in ("", "<token>")), st.text(min_size=1))
def test_every_user_name_and_password_is_read_back(username: str, password: str) -> None:
    expected = password.rstrip("\0")
    if not expected:
        return
    config = read({"ghcr.io": auth(f"{username}:{password}")})

    assert config.logins[0].credentials == Credentials(username, expected)


def test_no_secret_is_in_a_representation() -> None:
    assert SECRET not in repr(read({"ghcr.io": auth(f"ann:{SECRET}")}))


def test_the_environment_holds_a_login_if_both_variables_are_set() -> None:
    assert environment_login({"REPO_USER": "ann", "REPO_PASS": "pw"}) == Credentials("ann", "pw")
    assert environment_login({}) is None
    assert environment_login({"REPO_USER": "", "REPO_PASS": ""}) is None


@pytest.mark.parametrize("name", ["REPO_USER", "REPO_PASS"])
def test_one_variable_alone_is_refused(name: str) -> None:
    with pytest.raises(DockerConfigError, match=f"^{name} is set, but") as caught:
        environment_login({name: SECRET})

    assert SECRET not in str(caught.value)


def password_of(value: Path | str) -> str:
    login = environment_login({"REPO_USER": "ann", "REPO_PASS": str(value)})
    assert login is not None
    return login.password


@pytest.mark.parametrize("content", ["s3cret", "s3cret\n", "s3cret\r\n"])
def test_a_path_stands_for_the_password_in_that_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "pass").write_bytes(content.encode())

    assert password_of(tmp_path / "pass") == "s3cret"


@pytest.mark.parametrize("value", ["/s3cret", "/" + "x" * 300, "/a\0b", "/", "s3cret\n"])
def test_what_is_no_file_is_the_password(value: str) -> None:
    assert password_of(value) == value


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * (64 * 1024 + 1)])
def test_a_file_without_a_usable_password_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pass").write_bytes(content)
    with pytest.raises(DockerConfigError, match="The file that REPO_PASS names"):
        password_of(tmp_path / "pass")


def test_a_broken_login_is_a_note_beside_good_ones() -> None:
    good = base64.b64encode(b"me:hunter2").decode()
    auths = {"bad.example.com": {"auth": "rubbish!"}, "ghcr.io": {"auth": good}}

    found = read_docker_config(json.dumps({"auths": auths}))

    assert [login.domain for login in found.logins] == ["ghcr.io"]
    (note,) = found.notes
    assert note == '"auth" of the login for bad.example.com is no base64. It is left out.'
