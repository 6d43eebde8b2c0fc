"""Who Watchweb is to a registry: saved, lent by a cloud and shared, or of the environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests.fakes.cloud import FakeCloud
from tests.fakes.registry import FakeRegistry
from updates.models import Registry, RegistryToken
from updates.registry.errors import CredentialsRefused, DockerConfigError
from updates.registry.reference import Reference
from updates.runs.clients import Clients
from updates.runs.credentials import credentials_of
from updates.runs.registries import Registries
from updates.runs.token_store import RowTokenStore

pytestmark = pytest.mark.django_db(transaction=True)
ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeCloud]:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeCloud(access_keys={"AKIAEXAMPLE": "aws-s3cret"}) as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_ECR", fake.url)
        yield fake


def ecr(**facts: str) -> Registry:
    own = {"username": "AKIAEXAMPLE", "password": "aws-s3cret"}
    return Registry.objects.create(domain=ECR, kind="ecr", **own | facts)


def test_what_a_cloud_lends_is_kept_for_every_worker_and_sealed(cloud: FakeCloud) -> None:
    row = ecr()

    first = credentials_of(row, RowTokenStore())
    second = credentials_of(row, RowTokenStore())

    assert first
    assert first.username == "AWS"
    assert second == first
    assert cloud.requests == 1
    kept = RegistryToken.objects.get()
    assert (kept.registry, kept.realm) == (ECR, "credentials:ecr")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_registrytoken")
        assert first.password not in repr(cursor.fetchall())


def test_an_engine_is_given_what_the_cloud_lends(cloud: FakeCloud) -> None:
    ecr()
    registries = Registries(since=None)  # type: ignore[arg-type]

    login = registries.pull_auth(Reference.parse(f"{ECR}/team/app:1"))

    assert login
    assert login["username"] == "AWS"
    assert "aws-s3cret" not in login.values()


def test_a_refused_trade_is_one_request_for_all_that_want_it(cloud: FakeCloud) -> None:
    ecr(password="wrong-wrong")
    clients = Clients(RowTokenStore(), lambda _: None)
    access = clients.of(ECR)

    for _ in range(3):
        with pytest.raises(CredentialsRefused):
            _ = access.client

    assert cloud.requests == 1


def test_lent_credentials_that_the_registry_refuses_are_forgotten(
    registry: FakeRegistry, db: None
) -> None:
    row = Registry.objects.create(domain=registry.address, plain_http=True)
    RegistryToken.objects.create(registry=registry.address, realm="credentials:ecr", value="old")
    clients = Clients(RowTokenStore(), lambda _: None)
    access = clients.of(registry.address)
    assert access.client
    access.note(CredentialsRefused("It refuses them."))

    clients.remember()

    assert not RegistryToken.objects.exists()
    row.refresh_from_db()
    assert row.last_error == "It refuses them."


def test_the_pair_of_the_environment_goes_to_docker_hub_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, db: None
) -> None:
    monkeypatch.setenv("REPO_USER", "me")
    monkeypatch.setenv("REPO_PASS", "hunter2")
    tokens = RowTokenStore()

    hub = credentials_of(Registry(domain="docker.io"), tokens)
    assert hub
    assert (hub.username, hub.password) == ("me", "hunter2")
    assert credentials_of(Registry(domain="ghcr.io"), tokens) is None

    settings.WATCHWEB_REPO_REGISTRIES = ["ghcr.io"]
    assert credentials_of(Registry(domain="ghcr.io"), tokens) == hub
    saved = Registry(domain="ghcr.io", username="other", password="secret")
    named = credentials_of(saved, tokens)
    assert named
    assert named.username == "other", "what is saved goes first"


def test_half_a_pair_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPO_USER", "me")
    monkeypatch.delenv("REPO_PASS", raising=False)

    with pytest.raises(DockerConfigError, match="REPO_PASS"):
        credentials_of(Registry(domain="docker.io"), RowTokenStore())


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake
