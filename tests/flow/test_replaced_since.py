"""An old record of a container that others have replaced since: theirs is left alone, and told."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.flow.test_recover import die_at
from tests.flow.workshop import REMOVES_ITSELF, RUNNING, Case, Workshop, calls_of, named
from updates.flow.recover import Unfinished, recover
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot

STEPS = [Step.CREATE, Step.HOLD, Step.GATE, Step.RELEASE]
SINCE = "It was replaced since by something that this record does not know"


def restored(case: Case, step: Step) -> tuple[Workshop, Unfinished]:
    """What a journal knew at this step; both containers are gone, and another has the name."""
    shop = Workshop(case)
    shop.engine.witness = lambda _: None
    old = Snapshot.take(shop.engine, shop.old_id)
    shop.engine.forget(shop.old_id)
    shop.engine.add_image(FakeImage("newest"), "shop/web:1")
    shop.engine.run("web", "shop/web:1", state="exited", **case.host)
    return shop, Unfinished(old, step, "" if step is Step.CREATE else "f" * 64)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("case", [RUNNING, REMOVES_ITSELF], ids=named)
def test_what_has_its_name_now_is_neither_started_nor_taken_for_it(case: Case, step: Step) -> None:
    shop, unfinished = restored(case, step)
    there = shop.web.id
    for _ in range(2):
        outcome = recover(unfinished, shop.engine, shop.bench.clock.clock)
        assert (outcome.state, outcome.new_id, outcome.is_left) == (State.SKIPPED, "", False)
        assert SINCE in outcome.reason
    assert [*shop.engine.kept] == [there]
    assert shop.web.state == "exited"
    assert shop.engine.counts().keys() <= {"inspect_container", "inspect_image", "remove"}


def test_a_new_one_that_never_had_the_name_goes_where_somebody_made_another() -> None:
    """The old one was removed under a worker that then died."""
    shop = Workshop()
    call = next(one for one in calls_of(RUNNING) if one.name == "rename")
    die_at(shop, call, is_answer_lost=False)
    shop.engine.witness = lambda _: None
    shop.engine.forget(shop.old_id)
    theirs = shop.engine.run("web", "shop/web:1")
    entry = shop.journal.last
    old = Snapshot.of(entry.snapshot, None)
    outcome = recover(
        Unfinished(old, Step.SWAP, entry.facts["new_id"]), shop.engine, shop.bench.clock.clock
    )
    assert (outcome.state, outcome.is_left) == (State.SKIPPED, False)
    assert SINCE in outcome.reason
    assert [*shop.engine.kept] == [theirs]


def test_a_new_one_that_somebody_renamed_keeps_that_name_where_the_old_one_is_gone() -> None:
    shop = Workshop()
    call = [one for one in calls_of(RUNNING) if one.name == "start"][-1]
    die_at(shop, call, is_answer_lost=True)
    shop.engine.witness = lambda _: None
    shop.engine.forget(shop.old_id)
    entry = shop.journal.last
    shop.engine.rename(entry.facts["new_id"], "mine")
    old = Snapshot.of(entry.snapshot, None)
    outcome = recover(
        Unfinished(old, Step.GATE, entry.facts["new_id"]), shop.engine, shop.bench.clock.clock
    )
    assert outcome.state is State.UPDATED
    assert "Somebody renamed it to mine meanwhile" in outcome.reason
    assert shop.engine.names() == {"mine"}
