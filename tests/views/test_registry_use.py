"""What depends on a registry, and how often it was asked."""

from django.test import Client

from tests.views import rows
from updates.models import Host, Tally
from updates.views.registry_use import asked_of, uses


def test_containers_are_counted_by_the_registry_of_their_image(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    rows.container(host, "web", image="nginx")
    rows.container(host, "db", image="docker.io/library/postgres:16")
    rows.container(other, "web", image="nginx")
    rows.container(other, "own", image="ghcr.io/me/own:1")
    rows.container(other, "nameless", image="sha256:" + "1" * 64)
    found = uses()
    assert found["docker.io"].containers == 3
    assert found["docker.io"].hosts == [(host.pk, "nas", 2), (other.pk, "other", 1)]
    assert found["ghcr.io"].containers == 1
    assert found["quay.io"].containers == 0


def test_requests_are_summed_by_how_they_ended(db: None) -> None:
    for labels, value in (
        ("ghcr.io\nmanifest\n2xx", 5),
        ("ghcr.io\ntoken\n2xx", 2),
        ("ghcr.io\nping\n4xx", 3),
        ("ghcr.io\nmanifest\nnone", 1),
        ("ghcr.io.example\nmanifest\n5xx", 9),
    ):
        Tally.objects.create(family="registry_requests", labels=labels, value=value)
    Tally.objects.create(family="registry_rate_limited", labels="ghcr.io", value=2)
    found = asked_of("ghcr.io")
    assert (found.answered, found.refused, found.failed, found.unanswered) == (7, 3, 0, 1)
    assert found.told_to_wait == 2


def test_its_pages_say_so(admin_client: Client, host: Host) -> None:
    row = rows.registry("registry.example.com")
    rows.container(host, "web")
    assert "1 container on 1 host" in rows.text(admin_client, "/registries/")
    page = rows.text(admin_client, f"/registries/{row.pk}/")
    assert "1 on nas" in page
    assert "0 answered, 0 refused" in page
