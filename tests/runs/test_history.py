"""What earlier runs saw and replaced."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.runs.rows import host_run
from updates.models import ContainerResult, Host, Replacement, SeenDigest
from updates.runs.history import first_seen, replaced_on

pytestmark = pytest.mark.django_db


def replaced(host: Host, name: str, image: str, state: str = "updated", days: int = 0) -> None:
    part = host_run(host, state="finished")
    part.started_at = timezone.now() - timedelta(days=days)
    part.save()
    ContainerResult.objects.create(
        host_run=part, container_id=name, name=name, image="a", state=state, old_image_id=image
    )


def test_a_digest_is_seen_first_once() -> None:
    before = timezone.now() - timedelta(days=3)
    SeenDigest.objects.create(digest="sha256:old", first_seen_at=before)

    seen = first_seen({"sha256:old", "sha256:new"})

    assert seen["sha256:old"] == before
    assert seen["sha256:new"] > before
    assert first_seen({"sha256:new"}) == {"sha256:new": seen["sha256:new"]}


def test_what_was_replaced_last_counts(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///other.sock")
    replaced(host, "web", "sha256:a", days=9)
    replaced(host, "web", "sha256:a", days=2)
    replaced(host, "db", "sha256:b", state="rolled_back")
    replaced(other, "web", "sha256:c")

    (one,) = replaced_on(host.pk)

    assert (one.name, one.image_id) == ("web", "sha256:a")
    assert timezone.now() - one.at < timedelta(days=3)


def test_what_an_unfinished_replacement_came_from_is_not_among_them(host: Host) -> None:
    replaced(host, "web", "sha256:a")
    Replacement.objects.create(
        host_run=host_run(host), name="db", old_id="o", step="swap", old_image_id="sha256:a"
    )
    assert replaced_on(host.pk) == []
