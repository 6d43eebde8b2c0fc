"""The client against the real docker-registry: open, private CA, htpasswd, token."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from platform import machine

import pytest

from tests.fakes.registry import INDEX_TYPE
from tests.lab.images import ARCHITECTURES, Blob, Image, ImageSpec, build
from tests.lab.registry import Registry
from updates.registry.client import RegistryClient
from updates.registry.config import RegistryConfig
from updates.registry.errors import CredentialsRefused, NotFound, TLSFailure
from updates.registry.logins.credentials import Credentials
from updates.registry.messages import Kind, Request
from updates.registry.platforms import Platform
from updates.registry.reference import Reference
from updates.registry.sign_in import ANONYMOUS, SignIn, SignInState
from updates.registry.tls.trust import TrustMode
from updates.registry.tokens import MemoryTokenStore

FIXTURES = ["lab_registry", "lab_registry_tls", "lab_registry_htpasswd", "lab_registry_token"]
NAMES = [f"fleet/app{number}" for number in range(20)]


class Access:
    """One lab registry, and clients for it that share a clock and a token store."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.observed: list[Request] = []
        self.tokens = MemoryTokenStore(time.time)
        self._clients: list[RegistryClient] = []

    def client(self, password: str = "", trust: TrustMode | None = None) -> RegistryClient:
        registry = self.registry
        needs_login = registry.auth != "none"
        secret = password or registry.password
        config = RegistryConfig(
            registry.address,
            Credentials(registry.username, secret) if needs_login else None,
            trust or (TrustMode.CA_ONLY if registry.tls else TrustMode.SYSTEM),
            ca_pem=registry.ca_pem,
            plain_http=registry.tls is None,
        )
        client = RegistryClient(config, tokens=self.tokens, observer=self.observed.append)
        self._clients.append(client)
        return client

    def reference(self, rest: str) -> Reference:
        return Reference.parse(f"{self.registry.address}/{rest}")

    def close(self) -> None:
        for client in self._clients:
            client.close()


@pytest.fixture(params=FIXTURES)
def access(
    request: pytest.FixtureRequest,
    # Named, and not only asked for by name, so that the lab is marked as used.
    lab_registry: Registry,
) -> Iterator[Access]:
    access = Access(request.getfixturevalue(request.param))
    yield access
    access.close()


def test_a_tag_resolves_to_the_digest_that_was_pushed(access: Access) -> None:
    digest = access.registry.push("team/app", "1", ImageSpec(version="1"))

    descriptor = access.client().resolve(access.reference("team/app:1"))

    assert descriptor.digest == digest
    assert descriptor.media_type == "application/vnd.docker.distribution.manifest.v2+json"
    assert descriptor.size > 100


def test_a_tag_that_moves_resolves_to_its_new_digest(access: Access) -> None:
    access.registry.push("team/moving", "1", ImageSpec(version="1"))
    client = access.client()
    before = client.resolve(access.reference("team/moving:1"))
    digest = access.registry.push("team/moving", "1", ImageSpec(version="2"))

    after = client.resolve(access.reference("team/moving:1"))

    assert (before.digest == digest, after.digest == digest) == (False, True)


def test_a_tag_that_is_gone_is_not_found(access: Access) -> None:
    access.registry.push("team/app", "1", ImageSpec(version="1"))

    with pytest.raises(NotFound):
        access.client().resolve(access.reference("team/app:9"))


def test_a_good_registry_passes_its_check(access: Access) -> None:
    access.client().check()


def test_a_wrong_password_is_found_out_at_once(access: Access) -> None:
    if access.registry.auth == "none":
        pytest.skip("an open registry has no password")

    with pytest.raises(CredentialsRefused):
        access.client(password="hunter2").check()


def test_the_systems_roots_do_not_know_the_private_ca(access: Access) -> None:
    if not access.registry.tls:
        pytest.skip("plain HTTP has no CA")

    with pytest.raises(TLSFailure, match="give this registry its CA"):
        access.client(trust=TrustMode.SYSTEM).check()


def test_a_fleet_costs_one_head_for_each_reference(access: Access) -> None:
    digests = [access.registry.push(name, "1", ImageSpec(version=name)) for name in NAMES]
    references = [access.reference(f"{name}:1") for name in NAMES]
    client = access.client()
    for scan in ("first", "second"):
        access.observed.clear()
        with ThreadPoolExecutor(16) as pool:
            assert [d.digest for d in pool.map(client.resolve, references)] == digests
        kinds = [request.kind for request in access.observed]
        if scan == "second":
            assert kinds == [Kind.MANIFEST] * 20
        assert kinds.count(Kind.MANIFEST) <= 21
        assert kinds.count(Kind.TOKEN) <= 20


def test_what_has_not_changed_is_confirmed_by_its_etag(access: Access) -> None:
    access.registry.push("team/kept", "1", ImageSpec(version="1"))
    client = access.client()
    known = client.resolve(access.reference("team/kept:1"))
    assert known.etag

    assert client.resolve(access.reference("team/kept:1"), known) is known
    assert access.observed[-1].status == 304

    digest = access.registry.push("team/kept", "1", ImageSpec(version="2"))
    assert client.resolve(access.reference("team/kept:1"), known).digest == digest


def test_an_image_tells_the_platform_it_was_built_for(access: Access) -> None:
    digest = access.registry.push("team/app", "1", ImageSpec(version="1"))

    found = access.client().platforms(access.reference(f"team/app@{digest}"))

    assert found == frozenset({Platform("linux", ARCHITECTURES.get(machine(), machine()))})


def test_an_index_tells_the_platforms_of_its_entries(access: Access) -> None:
    manifest = build(ImageSpec(version="1")).manifest
    access.registry.push("team/many", "one", ImageSpec(version="1"))
    platforms = [
        Platform.parse(text) for text in ("linux/amd64", "linux/arm/v7", "unknown/unknown")
    ]
    entries = [{**manifest.descriptor, "platform": asdict(platform)} for platform in platforms]
    document = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries}
    index = Image(Blob.of(json.dumps(document).encode(), INDEX_TYPE), ())
    digest = access.registry.push("team/many", "1", index)

    found = access.client().platforms(access.reference(f"team/many@{digest}"))

    assert found == frozenset(platforms[:2])


def test_a_client_learns_what_the_next_one_is_told(access: Access) -> None:
    access.registry.push("team/app", "1", ImageSpec(version="1"))
    client = access.client()
    client.resolve(access.reference("team/app:1"))
    token_server = access.registry.token_server

    realm, _ = client.bearer or ("", "")

    assert realm == (token_server.realm if token_server else "")
    assert client.is_basic == (access.registry.auth == "htpasswd")
    assert client.is_open == (access.registry.auth == "none")


def test_the_certificate_is_known_and_who_was_let_in(access: Access) -> None:
    client, registry = access.client(), access.registry

    client.check()

    name = registry.username if registry.auth != "none" else ""
    assert client.sign_in == (SignIn(SignInState.ACCEPTED, name) if name else ANONYMOUS)
    shown = client.certificate
    assert (shown is not None) == (registry.tls is not None)
    if shown:
        assert "Watchweb lab" in shown.issuer
        assert shown.not_after > datetime.now(UTC)


def test_refused_credentials_are_told(access: Access) -> None:
    if access.registry.auth == "none":
        pytest.skip("an open registry has no password")
    client = access.client(password="hunter2")

    with pytest.raises(CredentialsRefused):
        client.check()

    assert client.sign_in.state is SignInState.REFUSED
    assert "correct them" in client.sign_in.refusal
