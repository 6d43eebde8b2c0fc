"""What a person does to a container while it is being replaced is left alone, and told."""

import pytest

from tests.flow.bench import Bench
from tests.flow.test_recover import die_at
from tests.flow.workshop import RUNNING, Workshop, calls_of
from updates.flow.recover import Unfinished, recover
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack


def died_before(name: str) -> tuple[Workshop, Unfinished]:
    """A worker that died before its last call of this name, and what its journal knows."""
    shop = Workshop()
    die_at(shop, [one for one in calls_of(RUNNING) if one.name == name][-1], is_answer_lost=False)
    entry = shop.journal.last
    shop.engine.witness = lambda _: None
    steps = [step for _, step in entry.steps if step is not Step.ROLL_BACK]
    old = Snapshot.of(entry.snapshot, None)
    return shop, Unfinished(old, steps[-1], entry.facts.get("new_id", ""))


def put_right(shop: Workshop, unfinished: Unfinished) -> tuple[State, str]:
    outcome = recover(unfinished, shop.engine, shop.bench.clock.clock)
    assert not outcome.is_left
    return outcome.state, outcome.reason


@pytest.mark.parametrize("name", ["stop", "rename", "start"])
def test_the_new_one_is_kept_where_the_old_one_was_removed(name: str) -> None:
    shop, unfinished = died_before(name)
    shop.engine.forget(shop.old_id)
    state, reason = put_right(shop, unfinished)
    assert state is State.UPDATED
    assert "was removed meanwhile; the new one is kept." in reason
    shop.check_new_one_is_there()


def test_where_both_were_removed_none_is_made() -> None:
    shop, unfinished = died_before("start")
    shop.engine.forget(shop.old_id)
    shop.engine.forget(unfinished.new_id)
    state, reason = put_right(shop, unfinished)
    assert state is State.SKIPPED
    assert "Somebody removed the container meanwhile" in reason
    assert not shop.engine.kept


def test_one_that_a_person_made_under_its_name_stays_and_the_old_one_is_kept_beside_it() -> None:
    shop, unfinished = died_before("rename")
    strangers = shop.engine.run("web", "shop/web:1")
    for _ in range(2):
        state, reason = put_right(shop, unfinished)
        assert state is State.SKIPPED
        assert "Somebody made another container named web meanwhile" in reason
    assert shop.web.id == strangers
    assert shop.engine.names() == {"web", unfinished.old.aside_name}
    assert not shop.engine.kept[shop.old_id].is_running


def test_one_that_a_person_renamed_keeps_that_name_and_runs() -> None:
    shop, unfinished = died_before("start")
    shop.engine.rename(shop.old_id, "mine")
    state, reason = put_right(shop, unfinished)
    assert state is State.ROLLED_BACK
    assert "Somebody renamed it to mine meanwhile" in reason
    assert shop.engine.named("mine").is_running
    assert shop.engine.names() == {"mine"}


def test_a_person_who_removes_the_old_one_under_a_live_worker_keeps_the_new_one() -> None:
    shop = Workshop()
    shop.engine.fail_on["rename", 1] = lambda _: shop.engine.forget(shop.old_id)
    outcome = shop.replace()
    assert outcome.state is State.FAILED
    assert outcome.new_id == shop.web.id
    assert "the new one is kept." in outcome.reason
    shop.check_new_one_is_there()


def test_one_whose_parent_has_another_id_comes_back_though_it_could_not_be_made() -> None:
    """As it is, it lives in a network that is no more."""
    bench = Bench()
    engine = bench.engine
    engine.run("vpn", "shop/vpn:1")
    gone = engine.named("vpn").id
    old = engine.run("app", "shop/app:1", NetworkMode=f"container:{gone}")
    snapshot = Snapshot.take(engine, old)
    engine.forget(gone)
    now = engine.run("vpn", "shop/vpn:1")
    back = WayBack(engine, bench.clock.clock, snapshot, {gone: now})
    engine.witness = lambda _: None
    assert back.go() == []
    assert back.twin_id == engine.named("app").id != old
    assert engine.named("app").host["NetworkMode"] == f"container:{now}"
    assert engine.named("app").is_running
    assert engine.names() == {"vpn", "app"}
