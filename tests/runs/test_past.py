"""What is known of the images that a container had, and of one that vanished."""

from typing import Any

import pytest
from django.utils import timezone

from tests.runs.rows import host_run
from tests.views import rows
from updates.flow.past import Past
from updates.flow.session import Kind, Params
from updates.models import Container, ContainerResult, Host, HostRun, Replacement
from updates.runs import past, settle

pytestmark = pytest.mark.django_db


def image(letter: str) -> str:
    return "sha256:" + letter * 64


def digest(letter: str) -> str:
    return "sha256:d1" + letter * 62


def updated(host: Host, old: str, new: str, *, name: str = "web", back_to: str = "") -> HostRun:
    """A run that gave the container the image of another letter."""
    part = host_run(host, state="finished")
    part.run.params = Params(Kind.UPDATE, back_to=back_to).to_json()
    part.run.save()
    ContainerResult.objects.create(
        host_run=part,
        container_id=f"{name}-{old}-{part.pk}",
        name=name,
        image="shop/web:1",
        state="updated",
        old_image_id=image(old),
        old_digest=digest(old),
        old_version=old,
        new_image_id=image(new),
        new_digest=digest(new),
        new_version=new,
    )
    Container.objects.update_or_create(
        host=host, name=name, defaults={"image_id": image(new), "container_id": name}
    )
    return part


def versions(host: Host) -> str:
    return "".join(one.past.version for one in past.images_of(host, "web"))


def version_before(host: Host) -> str:
    found = past.before(host, "web")
    return found.past.version if found else ""


def test_it_had_each_image_that_an_update_took_from_it_the_last_one_first(host: Host) -> None:
    updated(host, "a", "b")
    updated(host, "b", "c")
    updated(host, "x", "y", name="db")
    updated(Host.objects.create(name="attic", url="unix:///x.sock"), "x", "y")
    assert versions(host) == "ba"
    [last, _] = past.images_of(host, "web")
    assert last.past == Past(image("b"), digest("b"), "shop/web:1", "b")
    assert last.key == digest("b")


def test_two_times_back_is_two_versions_back(host: Host) -> None:
    updated(host, "a", "b")
    updated(host, "b", "c")
    assert version_before(host) == "b"
    updated(host, "c", "b", back_to=digest("b"))
    assert (version_before(host), versions(host)) == ("a", "ca")
    updated(host, "b", "a", back_to=digest("a"))
    assert (version_before(host), versions(host)) == ("", "bc")
    updated(host, "a", "c")
    assert version_before(host) == "a"


def test_one_that_somebody_made_anew_goes_back_to_the_last_known(host: Host) -> None:
    updated(host, "a", "b")
    Container.objects.update(image_id=image("e"))
    assert (version_before(host), versions(host)) == ("a", "ba")


def test_one_without_a_history_has_nothing_to_go_back_to(host: Host) -> None:
    assert past.before(host, "web") is None
    assert past.images_of(host, "web") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (digest("a"), "a"),
        (image("a"), "a"),
        ("sha256:aaaaaa", "a"),
        ("AAAAAA", "a"),
        ("d1aaaa", "a"),
        ("aaaaa", ""),
        ("", ""),
        ("sha256:", ""),
        (digest("c"), ""),
        (digest("e"), ""),
    ],
)
def test_an_image_is_named_by_digest_or_id_or_their_first_digits(
    host: Host, text: str, found: str
) -> None:
    updated(host, "a", "b")
    updated(host, "b", "c")
    one = past.find(host, "web", text)
    assert (one.past.version if one else "") == found


def snapshot(letter: str) -> dict[str, Any]:
    return {
        "Id": "1" * 64,
        "Name": "/web",
        "Image": image(letter),
        "State": {"Running": True},
        "Config": {"Image": "shop/web:1"},
        "HostConfig": {},
    }


def replaced(part: HostRun, letter: str, **facts: Any) -> None:
    container_id = part.results.get().container_id
    Replacement.objects.create(
        host_run=part, name="web", old_id=container_id, snapshot=snapshot(letter), **facts
    )


def test_what_remains_of_one_is_its_last_snapshot_with_the_image_it_got_then(host: Host) -> None:
    replaced(updated(host, "a", "b"), "a", outcome="updated")
    replaced(updated(host, "b", "c"), "b", outcome="updated")
    found = past.remains_of(host, "web")
    assert found
    assert (found.snapshot.name, found.past.version) == ("web", "c")


@pytest.mark.parametrize("state", ["rolled_back", "restarted", "failed"])
def test_one_that_was_not_updated_then_had_the_image_it_had(host: Host, state: str) -> None:
    part = updated(host, "a", "b")
    part.results.update(state=state)
    replaced(part, "a")
    found = past.remains_of(host, "web")
    assert found
    assert found.past.version == "a"


def test_a_snapshot_without_a_result_speaks_for_itself(host: Host) -> None:
    part = host_run(host, state="finished")
    Replacement.objects.create(host_run=part, name="web", old_id="1", snapshot=snapshot("a"))
    found = past.remains_of(host, "web")
    assert found
    assert found.past == Past(image("a"), "", "shop/web:1")


def test_nothing_remains_of_what_was_never_replaced(host: Host) -> None:
    rows.container(host, "web")
    assert past.remains_of(host, "web") is None


def test_those_that_vanished_are_named_the_last_one_first(host: Host) -> None:
    for name in ("web", "db", "api"):
        part = updated(host, "a", "b", name=name)
        Replacement.objects.create(host_run=part, name=name, old_id="1", snapshot=snapshot("a"))
    Container.objects.exclude(name="db").delete()
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    Replacement.objects.create(host_run=host_run(attic), name="x", old_id="1", snapshot={"Id": ""})
    assert [name for name, _ in past.vanished_from(host, 5)] == ["api", "web"]
    assert len(past.vanished_from(host, 1)) == 1


def test_ids_are_followed_to_where_they_are_now(host: Host) -> None:
    part = host_run(host, state="finished")
    for old, new, outcome in [("1", "2", "updated"), ("2", "3", "updated"), ("8", "9", "failed")]:
        Replacement.objects.create(
            host_run=part, name="web", old_id=old, new_id=new, outcome=outcome
        )
    assert past.moved_ids(host) == {"1": "3", "2": "3"}


def made_again(host: Host, old_id: str, new_id: str, outcome: str) -> None:
    """A row of one that had vanished, on image b; its worker died before it wrote the result."""
    part = host_run(host, state="interrupted")
    row = Replacement.objects.create(
        host_run=part,
        name="web",
        old_id=old_id,
        new_id=new_id,
        step="release",
        outcome=outcome,
        new_image_id=image("b"),
        facts={"rebuild": "yes", "restarts": "yes", "digest": digest("b"), "version": "b"},
        snapshot=snapshot("a"),
        closed_at=timezone.now(),
    )
    ContainerResult.objects.create(
        host_run=part,
        container_id=old_id,
        name="web",
        image="shop/web:1",
        old_image_id=image("b"),
    )
    settle.settle(row.host_run)


@pytest.mark.parametrize(("outcome", "last_id"), [("updated", "third"), ("failed", "second")])
def test_one_that_was_made_again_has_the_image_it_had_and_its_newest_id(
    host: Host, outcome: str, last_id: str
) -> None:
    replaced(updated(host, "a", "b"), "a", outcome="updated", new_id="second")
    made_again(host, "second", "third", outcome)
    found = past.remains_of(host, "web")
    assert found
    assert (found.last_id, found.past) == (
        last_id,
        Past(image("b"), digest("b"), "shop/web:1", "b"),
    )
    newest = set(past.moved_ids(host).values())
    assert newest == {last_id}
    assert set(versions(host)) == {"a"}
