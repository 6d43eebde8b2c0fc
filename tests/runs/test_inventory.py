"""The rows of containers follow their engine's list; what checks found out stays with the name."""

from dataclasses import replace

from django.utils import timezone

from tests.runs.rows import listed
from updates.engine.container import ImageSummary
from updates.flow.check import Verdict
from updates.flow.session import CheckStatus
from updates.flow.ties import Ties
from updates.models import Container, Hold, Host, Policy
from updates.registry.reference import Reference
from updates.runs import inventory

REFERENCE = Reference.parse("ghcr.io/a/b:1")
STALE = Verdict(CheckStatus.UPDATE_AVAILABLE, REFERENCE, "Newer.", "sha256:1", "sha256:2")


def no_times(_: Reference) -> tuple[None, None]:
    return None, None


def test_the_rows_become_what_is_listed(host: Host) -> None:
    labels = {"com.docker.compose.project": "shop"}
    inventory.refresh(host, [listed("web", labels=labels), listed("db")])
    assert set(host.containers.values_list("name", "stack")) == {("web", "shop"), ("db", "")}

    inventory.refresh(host, [listed("web", labels=labels, state="exited", health="unhealthy")])

    row = host.containers.get()
    assert (row.name, row.state, row.health, row.labels) == ("web", "exited", "unhealthy", labels)


def test_the_rows_of_another_host_are_left_alone(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///other.sock")
    inventory.refresh(other, [listed("web")])

    inventory.refresh(host, [])

    assert other.containers.count() == 1


def test_a_container_recreated_under_its_name_is_the_same_row(host: Host) -> None:
    inventory.refresh(host, [listed("web", "first")])
    inventory.save_verdicts(host, {"first": STALE}, no_times)
    before = host.containers.get()

    inventory.refresh(host, [listed("web", "second", image_id="sha256:new")])

    row = host.containers.get()
    assert (row.pk, row.container_id, row.image_id) == (before.pk, "second", "sha256:new")
    assert row.status == Container.Status.UPDATE_AVAILABLE


def test_an_image_keeps_its_name_once_the_list_shows_an_id(host: Host) -> None:
    inventory.refresh(host, [listed("web")])

    inventory.refresh(host, [listed("web", image="sha256:old")])

    assert host.containers.get().image == "ghcr.io/a/b:1"


def test_a_failed_check_keeps_the_last_good_answer_and_is_never_up_to_date(host: Host) -> None:
    inventory.refresh(host, [listed("web", "it")])
    good = replace(STALE, status=CheckStatus.UP_TO_DATE, remote_digest="sha256:1")
    inventory.save_verdicts(host, {"it": good}, no_times)
    before = host.containers.get()
    failed = Verdict(CheckStatus.UNKNOWN, REFERENCE, "ghcr.io is out of order (500).")

    inventory.save_verdicts(host, {"it": failed}, no_times)

    row = host.containers.get()
    assert (row.status, row.status_reason) == (Container.Status.UNKNOWN, failed.reason)
    assert (row.remote_digest, row.answered_at) == ("sha256:1", before.answered_at)
    assert row.checked_at
    assert before.checked_at
    assert timezone.now() >= row.checked_at > before.checked_at


def test_a_refresh_that_changes_nothing_writes_no_row(
    host: Host, django_assert_num_queries: object
) -> None:
    entries = [listed(f"app-{number}") for number in range(20)]
    inventory.refresh(host, entries)

    with django_assert_num_queries(4) as queries:  # type: ignore[operator]
        inventory.refresh(host, entries)

    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]


TIES = Ties(pid="container:db", links=("/db:/web/db",))


def test_ties_are_kept_for_as_long_as_the_container_lives(host: Host) -> None:
    inventory.refresh(host, [listed("web", "first"), listed("db", "other")])
    assert inventory.known_ties(host) == {}
    inventory.save_ties(host, {"first": TIES, "gone": Ties()})
    assert inventory.known_ties(host) == {"first": TIES}

    inventory.refresh(host, [listed("web", "first", state="exited"), listed("db", "other")])
    assert inventory.known_ties(host) == {"first": TIES}
    inventory.refresh(host, [listed("web", "second"), listed("db", "other")])
    assert inventory.known_ties(host) == {}


def test_ties_of_one_that_has_none_are_known_too(host: Host) -> None:
    inventory.refresh(host, [listed("web", "first")])
    inventory.save_ties(host, {"first": Ties()})
    assert inventory.known_ties(host) == {"first": Ties()}


def test_the_ties_of_another_host_are_its_own(host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///other.sock")
    for each in (host, other):
        inventory.refresh(each, [listed("web", "first")])
    inventory.save_ties(other, {"first": TIES})
    assert inventory.known_ties(host) == {}


def test_the_network_mode_follows_the_list(host: Host) -> None:
    for mode in ("container:vpn", "bridge"):
        inventory.refresh(host, [listed("web", network_mode=mode)])
        assert host.containers.get().network_mode == mode


def test_why_an_update_waits_is_kept_until_it_does_not(host: Host) -> None:
    inventory.refresh(host, [listed("web", "1"), listed("db", "2")])
    inventory.save_verdicts(host, {"1": STALE, "2": STALE}, no_times)
    end = timezone.now()

    inventory.save_waiting(host, {"1": "Its cooldown.", "2": "Monitor only."}, {"1": end})

    waiting = {row.name: (row.status_reason, row.held_until) for row in host.containers.all()}
    assert waiting == {"web": ("Its cooldown.", end), "db": ("Monitor only.", None)}

    inventory.save_waiting(host, {}, {})

    assert not host.containers.exclude(held_until=None).exists()


def said(image_id: str, version: str) -> ImageSummary:
    return ImageSummary(image_id, labels={"org.opencontainers.image.version": version})


def test_the_version_is_what_the_image_says_or_else_the_container(host: Host) -> None:
    label = {"org.opencontainers.image.version": "0.9"}
    web, db = listed("web", labels=label), listed("db", image_id="sha256:other", labels=label)

    inventory.refresh(host, [web, db, listed("job", image_id="")], [said("sha256:old", "1.0")])

    versions = dict(host.containers.values_list("name", "version"))
    assert versions == {"web": "1.0", "db": "0.9", "job": ""}


def test_the_available_version_is_known_from_wherever_that_image_runs_or_was_tried(
    host: Host,
) -> None:
    other = Host.objects.create(name="other", url="unix:///other.sock")
    inventory.refresh(other, [listed("web")], [said("sha256:old", "2.0")])
    other.containers.update(local_digest="sha256:2")
    Hold.objects.create(host=other, container="db", digest="sha256:3", version="3.0", reason="No.")
    names = ("web", "db", "job")
    inventory.refresh(host, [listed(name, name) for name in names])
    verdicts = {"web": STALE, "db": replace(STALE, remote_digest="sha256:3")}
    here = replace(STALE, remote_digest="", is_here=True, new_image_id="sha256:built")

    inventory.save_verdicts(host, verdicts | {"job": here}, no_times, {"sha256:built": "4.0"})

    found = dict(host.containers.values_list("name", "available_version"))
    assert found == {"web": "2.0", "db": "3.0", "job": "4.0"}

    fresh = replace(STALE, status=CheckStatus.UP_TO_DATE)
    inventory.save_verdicts(host, {"web": fresh}, no_times)
    assert host.containers.get(name="web").available_version == ""


def test_whether_it_is_only_watched_is_written_with_the_row(host: Host) -> None:
    Policy.objects.create(host=host, container="db", values={"monitor_only": True})
    label = {"watchweb.monitor-only": "true"}

    inventory.refresh(host, [listed("web"), listed("db"), listed("job", labels=label)])

    watched = host.containers.filter(monitor_only=True).values_list("name", flat=True)
    assert sorted(watched) == ["db", "job"]
