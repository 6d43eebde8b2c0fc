"""A connection test of a saved registry: with a check's credentials, of known images, in time."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.fakes.registry import FakeRegistry
from updates.models import Registry, RegistryToken, RemoteDigest
from updates.registry.errors import InvalidReference
from updates.registry.probing.findings import Outcome, ProbeStep
from updates.registry.reference import Reference
from updates.runs.probe import findings, known_references, reference_of

pytestmark = pytest.mark.django_db


def outcomes(row: Registry, reference: Reference | None = None, **options: Any) -> list[str]:
    return [f"{found.step} {found.outcome}" for found in findings(row, reference, **options)]


def test_it_signs_in_with_what_the_environment_holds_as_a_check_does(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeRegistry() as registry:
        registry.behaviour.auth = "basic"
        registry.put("team/app", "1")
        row = Registry.objects.create(domain=registry.address, plain_http=True)
        assert outcomes(row)[3] == "challenge failed"
        settings.WATCHWEB_REPO_REGISTRIES = [registry.address]
        monkeypatch.setenv("REPO_USER", registry.username)
        monkeypatch.setenv("REPO_PASS", registry.password)
        found = outcomes(row, reference_of(row, "team/app:1"))
        assert found[-2:] == ["token ok", "manifest ok"]


def test_without_credentials_to_be_had_that_is_the_failed_step() -> None:
    """A key that Google cannot read is found before anything is sent."""
    row = Registry.objects.create(
        domain="x-docker.pkg.dev", kind="google", username="_json_key", password="hunter2"
    )
    (only,) = findings(row, None)
    assert (only.step, only.outcome) == ("credentials", Outcome.FAILED)
    assert only.sentence.endswith(".")
    assert "hunter2" not in only.sentence


def test_a_registry_that_never_ends_its_answer_is_left_in_time() -> None:
    with FakeRegistry() as registry:
        registry.behaviour.delay_s = 1.5
        row = Registry.objects.create(domain=registry.address, plain_http=True)
        begin = time.monotonic()
        found = list(findings(row, None, within_s=0.5))
        assert time.monotonic() - begin < 1.2
    assert [one.step for one in found] == list(ProbeStep)
    assert [one.outcome for one in found[2:]] == [Outcome.FAILED, *3 * [Outcome.SKIPPED]]
    assert "Stopped" in found[2].sentence


def test_no_kept_token_is_used_and_none_is_kept() -> None:
    with FakeRegistry() as registry:
        registry.behaviour.auth = "bearer"
        registry.put("team/app", "1")
        row = Registry.objects.create(domain=registry.address, plain_http=True)
        assert outcomes(row, reference_of(row, "team/app:1"))[-1] == "manifest ok"
    assert not RegistryToken.objects.exists()


def test_known_images_begin_with_the_one_that_was_answered_last() -> None:
    row = Registry.objects.create(domain="a.example")
    now = timezone.now()
    for name, age in (("old", 9), ("new", 1), ("mid", 5)):
        RemoteDigest.objects.create(
            reference=f"a.example/{name}:1", answered_at=now - timedelta(hours=age)
        )
    RemoteDigest.objects.create(reference="a.example/never:1")
    RemoteDigest.objects.create(reference="a.example/new:1", via="http://mirror.example")
    RemoteDigest.objects.create(reference="a.example.com/other:1", answered_at=now)
    assert known_references(row) == [
        "a.example/new:1",
        "a.example/mid:1",
        "a.example/old:1",
        "a.example/never:1",
    ]


@pytest.mark.parametrize(
    ("domain", "text", "canonical"),
    [
        ("docker.io", "nginx", "docker.io/library/nginx:latest"),
        ("ghcr.io", "ghcr.io/team/app:1", "ghcr.io/team/app:1"),
        ("ghcr.io", "team/app:1", "ghcr.io/team/app:1"),
        ("127.0.0.1:5000", "app", "127.0.0.1:5000/app:latest"),
    ],
)
def test_an_image_is_named_with_or_without_its_registry(
    domain: str, text: str, canonical: str
) -> None:
    assert reference_of(Registry(domain=domain), text).canonical == canonical


@pytest.mark.parametrize("text", ["quay.io/x/y", "Not An Image", "quay.io/"])
def test_another_registrys_image_is_refused(text: str) -> None:
    with pytest.raises(InvalidReference):
        reference_of(Registry(domain="ghcr.io"), text)
