"""References, as distribution/reference reads, rejects and writes them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.reference_cases import ACCEPTED, HEX, REJECTED, SHA
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_digest, is_image_id, normalize_domain


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


def test_a_repository_named_like_an_image_id_keeps_its_registry() -> None:
    assert Reference.parse(f"{HEX}:1").familiar_name == f"docker.io/library/{HEX}"


def test_a_megabyte_of_rubbish_takes_no_time() -> None:
    started = time.process_time()

    for piece in ("a", "a-", "a.", "a/", "a:", "a@", "-", "[", "a__"):
        for prefix in ("", "ghcr.io/", "x:", "x@"):
            with pytest.raises(InvalidReference):
                Reference.parse(prefix + piece * (2**20 // len(piece)))

    assert time.process_time() - started < 5.0


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
        ("Docker.io", "docker.io"),
        ("https://index.docker.io/v1/access-token", "docker.io"),
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
_digest = st.one_of(
    [
        st.text("0123456789abcdef", min_size=chars, max_size=chars).map(f"{algorithm}:{{}}".format)
        for algorithm, chars in (("sha256", 64), ("sha384", 96), ("sha512", 128))
    ]
)
_references = st.builds(
    lambda domain, path, tag, digest: Reference.parse(
        f"{domain}/{path}" + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
    ),
    _domain | st.sampled_from(["docker.io", "index.docker.io", "localhost", "localhost:5000"]),
    _path | st.sampled_from(["library/nginx", "localhost/x", "a.b/c", "sha256", HEX]),
    st.none() | _tag | st.just(HEX),
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
