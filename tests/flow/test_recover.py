"""A worker that dies at any call leaves enough behind to put the container right."""

import pytest

from tests.fakes.engine import Call
from tests.flow.workshop import (
    BROKEN,
    CASES,
    HEALTHY,
    RUNNING,
    STOPPED,
    Case,
    Workshop,
    calls_of,
    every_call,
    named,
)
from updates.flow.job import Outcome
from updates.flow.recover import Unfinished, recover
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot

EVERY = every_call(CASES, calls_of)


class Died(BaseException):
    """The worker is no more: whatever it tries from here on does not happen."""


def die_at(shop: Workshop, call: Call, *, is_answer_lost: bool) -> None:
    """Let the worker die at this call, before its effect or after it, and at all calls since."""

    def fault(now: Call) -> Died | None:
        return Died() if now.number >= call.number + is_answer_lost else None

    for name in calls_named(shop):
        shop.engine.fail_on[name] = fault
    if is_answer_lost:
        shop.engine.lose_answer_on[call.number] = Died()
    with pytest.raises(Died):
        shop.replace()
    shop.repair()


def calls_named(shop: Workshop) -> set[str]:
    return {call.name for call in calls_of(shop.case)} | {"rename", "start", "remove"}


def put_right(shop: Workshop, *, has_seen_way_back: bool) -> State | None:
    """The state after what the next worker does."""
    outcome = outcome_of(shop, has_seen_way_back=has_seen_way_back)
    return outcome.state if outcome else None


def outcome_of(shop: Workshop, *, has_seen_way_back: bool = True) -> Outcome | None:
    """What the next worker does, from what the journal knows.

    The journal ends where the worker was killed, or, if it `has_seen_way_back`, where that began.
    """
    if not shop.journal.entries:
        return None
    entry = shop.journal.last
    steps = [one for one in entry.steps if has_seen_way_back or one[1] is not Step.ROLL_BACK]
    image = shop.old_image if shop.old_image.id in shop.engine.stored else None
    document = {"Config": image.config} if image else None
    unfinished = Unfinished(
        Snapshot.of(entry.snapshot, document),
        steps[-1][1] if steps else Step.SNAPSHOT,
        entry.facts.get("new_id", ""),
        failure=entry.failure,
        log=entry.log,
    )
    shop.engine.witness = lambda _: None
    return recover(unfinished, shop.engine, shop.bench.clock.clock)


@pytest.mark.parametrize("has_seen_way_back", [False, True], ids=["killed", "turned back"])
@pytest.mark.parametrize("is_answer_lost", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("case", "call"), EVERY, ids=named)
def test_whatever_call_a_worker_dies_at_one_container_remains(
    case: Case, call: Call, is_answer_lost: bool, has_seen_way_back: bool
) -> None:
    shop = Workshop(case)
    die_at(shop, call, is_answer_lost=is_answer_lost)
    for _ in range(2):  # Doing it twice is harmless.
        state = put_right(shop, has_seen_way_back=has_seen_way_back)
        if state is State.UPDATED:
            shop.check_new_one_is_there()
        else:
            assert state in (State.ROLLED_BACK, None)
            shop.check_old_one_is_back()


FAILED_WAYS_BACK = ["remove", "rename", "set_restart_policy", "start"]


@pytest.mark.parametrize("name", FAILED_WAYS_BACK)
@pytest.mark.parametrize("health", [("unhealthy",), ()], ids=["runs", "stopped"])
def test_a_way_back_that_failed_is_gone_to_its_end_later(
    name: str, health: tuple[str, ...]
) -> None:
    shop = Workshop(Case("bad", health=health, exit_code=None if health else 1))
    shop.engine.fail_on[name] = lambda _: (
        BROKEN if shop.journal.last.steps[-1][1] is Step.ROLL_BACK else None
    )
    assert shop.replace().state is State.FAILED
    shop.repair()
    assert put_right(shop, has_seen_way_back=True) is State.ROLLED_BACK
    shop.check_old_one_is_back()


@pytest.mark.parametrize("is_answer_lost", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("case", [RUNNING, STOPPED, HEALTHY], ids=named)
def test_one_that_has_passed_its_gate_is_finished_and_not_undone(
    case: Case, is_answer_lost: bool
) -> None:
    shop = Workshop(case)
    removal = next(call for call in calls_of(case) if call.name == "remove")
    die_at(shop, removal, is_answer_lost=is_answer_lost)
    assert put_right(shop, has_seen_way_back=False) is State.UPDATED
    shop.check_new_one_is_there()


def test_one_that_shares_is_started_anew_though_it_was_never_stopped() -> None:
    """Its worker died while what it lives in was being replaced."""
    shop = Workshop()
    shop.engine.witness = lambda _: None
    boot = shop.web.boot
    document = shop.engine.inspect_container(shop.old_id)
    unfinished = Unfinished(Snapshot.of(document, None), Step.SNAPSHOT, shares=True)
    outcome = recover(unfinished, shop.engine, shop.bench.clock.clock)
    assert outcome.state == "rolled_back"
    assert shop.web.is_running
    assert shop.web.boot != boot
