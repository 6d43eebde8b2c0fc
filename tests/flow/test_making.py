"""A container made again step by step: the journal knows each, and recovery ends what was begun."""

import pytest

from tests.fakes.engine import Call
from tests.flow.test_rebuild import BROKEN, Ruin
from updates.engine.errors import EngineUnreachable
from updates.flow.session import State, Step

STEPS = [Step.CREATE, Step.SWAP, Step.START, Step.GATE, Step.RELEASE]


class Died(BaseException):
    """The worker is no more."""


def calls() -> list[Call]:
    ruin = Ruin()
    ruin.rebuild()
    names = [one.name for one in ruin.engine.calls]
    return ruin.engine.calls[names.index("create") :][:-2]  # Without the lists at the end.


def test_the_journal_knows_each_step_and_from_the_first_that_there_was_no_old_one() -> None:
    ruin = Ruin()
    ruin.rebuild()
    entry = ruin.journal.last
    wanted = [(when, one) for one in STEPS for when in ("before", "after")]
    assert entry.steps == wanted
    assert (entry.facts["rebuild"], entry.facts["new_id"]) == ("yes", ruin.web.id)
    assert (entry.facts["digest"], entry.outcome) == (ruin.past.digest, "updated")
    assert entry.planned["image_id"] == ruin.image.id


@pytest.mark.parametrize("is_answer_lost", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", calls(), ids=lambda call: f"{call.number}-{call.name}")
def test_wherever_the_worker_dies_nothing_is_left_under_any_name(
    call: Call, is_answer_lost: bool
) -> None:
    ruin = Ruin()

    def die(now: Call) -> Died | None:
        return Died() if now.number >= call.number + is_answer_lost else None

    for name in ("create", "rename", "start", "inspect_container", "remove", "logs"):
        ruin.engine.fail_on[name] = die
    if is_answer_lost:
        ruin.engine.lose_answer_on[call.number] = Died()
    with pytest.raises(Died):
        ruin.rebuild()
    for _ in range(2):
        outcome = ruin.put_right()
        assert outcome.state is State.FAILED
        assert outcome.reason.endswith("What was made was taken away again.")
        assert not outcome.is_left
    assert ruin.engine.names() == set()


def test_one_that_has_passed_its_gate_is_kept_though_its_worker_died() -> None:
    ruin = Ruin()
    ruin.rebuild()
    there = ruin.web.id
    ruin.journal.last.steps.pop()
    ruin.engine.witness = lambda _: None
    ruin.engine.stop(there, signal=None, timeout_s=1)  # Its engine died too.
    outcome = ruin.put_right()
    assert (outcome.state, outcome.new_id) == (State.UPDATED, there)
    assert ruin.web.is_running


def test_one_that_somebody_removed_since_is_not_made_again() -> None:
    ruin = Ruin()
    ruin.rebuild()
    ruin.engine.forget(ruin.web.id)
    outcome = ruin.put_right()
    assert (outcome.state, ruin.engine.names()) == (State.SKIPPED, set())
    assert "Somebody removed the container meanwhile" in outcome.reason


def test_one_that_removes_itself_is_made_but_once() -> None:
    """Recovery knows that nothing of it was there before."""
    ruin = Ruin()
    ruin.record["HostConfig"]["AutoRemove"] = True
    ruin.engine.fail_on["create"] = ruin.engine.fail_on["remove"] = Died()
    with pytest.raises(Died):
        ruin.rebuild()
    assert ruin.put_right().state is State.FAILED
    assert ruin.engine.names() == set()


def test_what_could_not_be_taken_away_is_left_to_recovery() -> None:
    ruin = Ruin()
    ruin.image.exit_code = 3
    ruin.image.says = "no table"
    ruin.engine.fail_on["remove"] = EngineUnreachable("The engine is away.")
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert ruin.result.reason == (
        "It stopped with exit code 3. It could not be taken away again: The engine is away."
    )
    assert ruin.journal.last.is_open
    outcome = ruin.put_right()
    assert (outcome.state, outcome.log) == (State.FAILED, "no table")
    assert outcome.reason.startswith("It stopped with exit code 3. Its worker died")
    assert ruin.engine.names() == set()


def test_what_another_has_under_the_temporary_name_is_left_alone() -> None:
    ruin = Ruin()
    name = f"web-watchweb-new-{ruin.record['Id'][:12]}"
    ruin.engine.witness = lambda _: None
    theirs = ruin.engine.run(name, "shop/web:1")
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert name in ruin.result.reason
    assert set(ruin.engine.kept) == {theirs}
    assert ruin.journal.last.outcome == "failed"


def test_a_name_that_somebody_took_meanwhile_is_left_to_them() -> None:
    ruin = Ruin()
    theirs: list[str] = []

    def take(_: Call) -> None:
        theirs.append(ruin.engine.run("web", "shop/web:1"))

    ruin.engine.fail_on["rename"] = take
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert "the name web is in use" in ruin.result.reason
    assert [*ruin.engine.kept] == theirs


def test_its_probe_has_to_answer() -> None:
    ruin = Ruin()
    asked: list[str] = []

    def refuse(address: str, timeout_s: float) -> str:
        asked.append(address)
        return f"nothing answered within {timeout_s:.0f} s"

    ruin.prober = refuse
    ruin.rebuild(gate_probe="tcp://{ip}:80", gate_timeout=3)
    assert asked[0] == "tcp://127.0.0.1:80"
    assert "The probe of tcp://{ip}:80 failed for 3 s" in ruin.result.reason
    assert ruin.engine.names() == set()


def test_a_job_that_may_end_passes() -> None:
    ruin = Ruin()
    ruin.image.exit_code = 0
    ruin.rebuild(gate_passes_exit=True)
    assert ruin.result.state == "restarted"
    ruin = Ruin()
    ruin.image.exit_code = 0
    ruin.rebuild()
    assert ruin.result.state == "failed"


@pytest.mark.parametrize("name", ["create", "rename", "start", "inspect_container"])
def test_an_engine_that_refuses_once_leaves_nothing_open(name: str) -> None:
    ruin = Ruin()
    ruin.engine.fail_on[name, 1] = BROKEN
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert ruin.journal.last.outcome == "failed"
    assert ruin.engine.names() == set()
