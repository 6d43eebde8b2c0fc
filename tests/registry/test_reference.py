"""References, as distribution/reference reads, rejects and writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_digest, is_image_id, normalize_domain

HEX = "0123456789abcdef" * 4
SHA = f"sha256:{HEX}"

ACCEPTED = [
    ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    ("nginx:1.27", "docker.io/library/nginx:1.27", "nginx:1.27"),
    ("ubuntu:5000", "docker.io/library/ubuntu:5000", "ubuntu:5000"),
    ("team/app", "docker.io/team/app:latest", "team/app:latest"),
    ("docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    ("docker.io/library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    ("index.docker.io/nginx:1", "docker.io/library/nginx:1", "nginx:1"),
    ("index.docker.io/team/app", "docker.io/team/app:latest", "team/app:latest"),
    ("library/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    ("library/team/app", "docker.io/library/team/app:latest", "library/team/app:latest"),
    ("docker.io/foo.bar/x", "docker.io/foo.bar/x:latest", "docker.io/foo.bar/x:latest"),
    ("docker.io/localhost/x", "docker.io/localhost/x:latest", "docker.io/localhost/x:latest"),
    ("registry-1.docker.io/x", "registry-1.docker.io/x:latest", "registry-1.docker.io/x:latest"),
    ("localhost/x", "localhost/x:latest", "localhost/x:latest"),
    ("localhost:5000/x:2", "localhost:5000/x:2", "localhost:5000/x:2"),
    ("10.0.0.1:5000/a/b", "10.0.0.1:5000/a/b:latest", "10.0.0.1:5000/a/b:latest"),
    ("[::1]:5000/x:1", "[::1]:5000/x:1", "[::1]:5000/x:1"),
    ("[2001:db8::1]/x", "[2001:db8::1]/x:latest", "[2001:db8::1]/x:latest"),
    ("Foo/bar", "Foo/bar:latest", "Foo/bar:latest"),
    ("GHCR.io/team/app", "GHCR.io/team/app:latest", "GHCR.io/team/app:latest"),
    ("c---d/e__f.g", "docker.io/c---d/e__f.g:latest", "c---d/e__f.g:latest"),
    (f"nginx@{SHA}", f"docker.io/library/nginx@{SHA}", f"nginx@{SHA}"),
    (f"nginx:1@{SHA}", f"docker.io/library/nginx:1@{SHA}", f"nginx:1@{SHA}"),
    (f"x@sha512:{HEX}{HEX}", f"docker.io/library/x@sha512:{HEX}{HEX}", f"x@sha512:{HEX}{HEX}"),
    (f"x:{'t' * 128}", f"docker.io/library/x:{'t' * 128}", f"x:{'t' * 128}"),
    (f"ghcr.io/{'a' * 255}:1", f"ghcr.io/{'a' * 255}:1", f"ghcr.io/{'a' * 255}:1"),
]

REJECTED = [
    ("", "no name"),
    ("docker.io/", "no name"),
    (":tag", "no name"),
    ("Nginx", "lower case"),
    ("ghcr.io/Team/app", "lower case"),
    ("-dash/x", "malformed"),
    ("a___b", "malformed"),
    ("a/b/", "malformed"),
    ("a//b", "malformed"),
    ("a..b", "malformed"),
    ("nginx ", "malformed"),
    ("nginx\n", "malformed"),
    ("nginx:1\n", "tag"),
    ("nginx:", "tag"),
    ("nginx:-1", "tag"),
    (f"x:{'t' * 129}", "tag"),
    ("nginx@", "digest"),
    ("nginx@sha256:abc", "digest"),
    (f"nginx@{SHA.upper()}", "digest"),
    (f"nginx@md5:{HEX}", "digest"),
    (f"nginx@{SHA}:tag", "digest"),
    ("https://ghcr.io/team/app", "registry"),
    ("user@ghcr.io/team/app", "registry"),
    ("-ghcr.io/x", "registry"),
    ("ghcr.io:port/x", "registry"),
    ("ghcr.io:/x", "registry"),
    ("[::1/x", "registry"),
    (f"ghcr.io/{'a' * 256}", "longer than 255"),
    ("nginx²", "malformed"),
    ("ngi٣x", "malformed"),
    (HEX, "image ID"),
    (SHA, "image ID"),
]


@pytest.mark.parametrize(("text", "canonical", "familiar"), ACCEPTED)
def test_a_reference_reads_as_docker_reads_it(text: str, canonical: str, familiar: str) -> None:
    reference = Reference.parse(text)

    assert (str(reference), reference.canonical) == (canonical, canonical)
    assert reference.familiar == familiar


@pytest.mark.parametrize(("text", "why"), REJECTED)
def test_what_names_no_image_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(InvalidReference, match=why) as refused:
        Reference.parse(text)

    assert str(refused.value).endswith(".")
    assert str(refused.value).isprintable()


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidReference) as refused:
        Reference.parse("A" * 100_000)

    assert len(str(refused.value)) < 250


def test_parts_are_told_apart() -> None:
    reference = Reference.parse(f"ghcr.io/team/app:1@{SHA}")

    assert (reference.domain, reference.path) == ("ghcr.io", "team/app")
    assert (reference.tag, reference.digest) == ("1", SHA)
    assert reference.repository == reference.familiar_name == "ghcr.io/team/app"
    assert reference.is_pinned


def test_only_a_digest_pins() -> None:
    assert not Reference.parse("nginx:1.27").is_pinned
    assert Reference.parse(f"nginx@{SHA}").tag is None


def test_only_docker_hub_lives_at_another_host() -> None:
    assert Reference.parse("nginx").api_host == "registry-1.docker.io"
    assert Reference.parse("lab:5000/x").api_host == "lab:5000"


@pytest.mark.parametrize("text", [HEX, SHA])
def test_an_image_id_is_known_as_one(text: str) -> None:
    assert is_image_id(text)


@pytest.mark.parametrize("text", ["", "nginx", HEX[:12], f"sha512:{HEX}", f"{HEX}\n", HEX.upper()])
def test_a_name_is_no_image_id(text: str) -> None:
    assert not is_image_id(text)


def test_a_digest_must_be_whole() -> None:
    assert is_digest(SHA)
    assert not is_digest(SHA[:-1])
    assert not is_digest(f"{SHA}\n")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://index.docker.io/v1/", "docker.io"),
        ("registry-1.docker.io", "docker.io"),
        ("hub.docker.com", "docker.io"),
        ("docker.io", "docker.io"),
        (" ghcr.io ", "ghcr.io"),
        ("http://lab:5000", "lab:5000"),
        ("[::1]:5000", "[::1]:5000"),
    ],
)
def test_a_registry_is_known_by_what_people_call_it(text: str, domain: str) -> None:
    assert normalize_domain(text) == domain


@pytest.mark.parametrize("text", ["", "two words", "user@host", "ftp://x", "host:port", "-"])
def test_what_is_no_registry_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidReference, match="not the address of a registry"):
        normalize_domain(text)


_label = st.from_regex(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,5}[a-zA-Z0-9])?", fullmatch=True)
_host = st.lists(_label, min_size=2, max_size=3).map(".".join) | st.just("[fe80::1]")
_domain = st.builds(
    lambda host, port: f"{host}:{port}" if port else host, _host, st.integers(0, 65535)
)
_component = st.from_regex(r"[a-z0-9]{1,4}((\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}", fullmatch=True)
_path = st.lists(_component, min_size=1, max_size=3).map("/".join)
_tag = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
_digest = st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)
_references = st.builds(
    lambda domain, path, tag, digest: Reference.parse(
        f"{domain}/{path}" + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    ),
    _domain | st.just("docker.io") | st.just("localhost"),
    _path,
    st.none() | _tag,
    st.none() | _digest,
)


@given(_references)
def test_both_forms_read_back_as_the_same_reference(reference: Reference) -> None:
    assert Reference.parse(reference.canonical) == reference
    assert Reference.parse(reference.familiar) == reference


@given(st.text() | st.text("ab.:/@-_[]A0 \n"))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reference = Reference.parse(text)
    except InvalidReference:
        return
    assert Reference.parse(str(reference)) == reference
