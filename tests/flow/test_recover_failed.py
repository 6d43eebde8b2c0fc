"""A worker that dies on the way back from a new container that failed: the failure is not lost."""

import pytest

from tests.fakes.engine import Call
from tests.flow.bench import Bench
from tests.flow.test_recover import Died, die_at, outcome_of
from tests.flow.test_unit import BAD, pair
from tests.flow.workshop import FAILS_GATE, Case, Workshop, named
from updates.flow.session import State, Step

STOPS = FAILS_GATE[0]
WHY = "The new container did not pass: It stopped with exit code 1."


def failing(case: Case) -> Workshop:
    shop = Workshop(case)
    shop.new_image.says = "no such table\n"
    return shop


def way_back(case: Case) -> list[Call]:
    """The calls that change something after the gate has failed."""
    shop = failing(case)
    shop.replace()
    began = next(one.number for one in shop.engine.calls if one.name == "logs")
    effects = ("remove", "rename", "set_restart_policy", "start")
    return [one for one in shop.engine.calls if one.number > began and one.name in effects]


@pytest.mark.parametrize("is_answer_lost", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(4))
def test_wherever_it_dies_the_image_is_to_blame_and_the_log_is_kept(
    number: int, is_answer_lost: bool
) -> None:
    shop = failing(STOPS)
    die_at(shop, way_back(STOPS)[number], is_answer_lost=is_answer_lost)
    outcome = outcome_of(shop)
    assert outcome is not None
    assert (outcome.state, outcome.blames_image, outcome.is_left) == (
        State.ROLLED_BACK,
        True,
        False,
    )
    assert (
        outcome.reason == f"{WHY} Its worker died in the middle of it. The old container is back."
    )
    assert outcome.log == "no such table"
    shop.check_old_one_is_back()


@pytest.mark.parametrize("case", FAILS_GATE, ids=named)
def test_the_journal_knows_of_the_failure_before_anything_is_undone(case: Case) -> None:
    shop = failing(case)
    known: list[str] = []
    shop.engine.fail_on["remove"] = lambda _: known.append(shop.journal.last.failure)
    shop.replace()
    assert known[0].startswith("The new container did not pass: ")


def test_a_worker_that_dies_before_the_gate_has_judged_blames_nothing() -> None:
    shop = failing(STOPS)
    start = next(one for one in shop_calls() if one.name == "start")
    die_at(shop, start, is_answer_lost=True)
    outcome = outcome_of(shop, has_seen_way_back=False)
    assert outcome is not None
    assert (outcome.state, outcome.blames_image, outcome.log) == (State.ROLLED_BACK, False, "")


def shop_calls() -> list[Call]:
    shop = failing(STOPS)
    shop.replace()
    return shop.engine.calls


def test_the_one_of_a_unit_that_failed_is_known_before_its_parents_go_back(bench: Bench) -> None:
    pair(bench, torrent=BAD)

    def die(call: Call) -> Died | None:
        has_failed = bench.journal.entries[-1].failure
        return Died() if has_failed else None

    bench.engine.fail_on["remove"] = die
    with pytest.raises(Died):
        bench.update()
    failures = {one.name: one.failure for one in bench.journal.entries}
    assert failures["torrent"].endswith("It stopped with exit code 1.")
    assert failures["vpn"] == ""


def test_the_journal_knows_which_image_it_is(bench: Bench) -> None:
    pair(bench)
    bench.update()
    results = bench.recorder.told
    for entry in bench.journal.entries:
        assert entry.facts["digest"] == results[entry.name].new_digest
        assert ("after", Step.RELEASE) in entry.steps
