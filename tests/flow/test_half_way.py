"""Another Watchweb on the same engine: what it has under way is left alone."""

import pytest

from tests.flow.bench import Bench
from tests.flow.workshop import Workshop
from updates.flow.filters import HALF_WAY
from updates.flow.half_way import aside_name, is_half_way, temporary_name
from updates.flow.session import State

OLD, NEW = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("name", "container_id", "is_so"),
    [
        (temporary_name("web", OLD), NEW, True),
        (aside_name("web", OLD), OLD, True),
        (aside_name("web", OLD), NEW, False),  # Somebody gave that name to another one.
        ("web", OLD, False),
        ("my-watchweb-new", OLD, False),
        ("my-watchweb-new-feature", OLD, False),
    ],
)
def test_it_is_known_by_its_name(name: str, container_id: str, is_so: bool) -> None:
    assert is_half_way(name, container_id) is is_so


def test_neither_of_the_two_takes_part_in_a_run(bench: Bench) -> None:
    old = bench.stale("web", state="exited")
    bench.engine.kept[old].name = aside_name("web", old)
    bench.stale(temporary_name("db", "c" * 64), "shop/db:1")
    bench.update(include_stopped=True)
    assert bench.engine.counts().keys() == {"containers", "images"}
    assert {one.reason for one in bench.recorder.verdicts.values()} == {HALF_WAY}


def test_a_new_one_that_waits_in_a_network_is_not_recreated_with_its_owner(bench: Bench) -> None:
    parent = bench.stale("vpn")
    name = temporary_name("app", "c" * 64)
    bench.engine.run(name, "shop/app:1", state="created", NetworkMode=f"container:{parent}")
    bench.update()
    assert bench.states() == {"vpn": "updated"}


def test_the_second_one_at_a_container_is_refused_and_touches_nothing() -> None:
    shop = Workshop()
    shop.engine.witness = lambda _: None
    theirs = shop.engine.run(temporary_name("web", shop.old_id), "shop/web:1")
    outcome = shop.replace()
    assert outcome.state is State.SKIPPED
    assert "another Watchweb is at work on it" in outcome.reason
    assert set(shop.engine.kept) == {shop.old_id, theirs}
    assert shop.journal.last.outcome == "skipped"
    assert {"stop", "remove", "rename"}.isdisjoint(shop.engine.counts())


def test_one_that_was_set_aside_since_it_was_listed_is_left_alone() -> None:
    shop = Workshop()
    shop.engine.kept[shop.old_id].name = aside_name("web", shop.old_id)
    outcome = shop.replace()
    assert outcome.state is State.SKIPPED
    assert shop.journal.entries == []
    assert shop.engine.counts().keys() == {"inspect_container", "inspect_image"}
