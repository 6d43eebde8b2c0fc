"""One container recreated, and every way in which that can go wrong."""

import pytest

from tests.fakes.engine import Call
from tests.flow.workshop import (
    BROKEN,
    CASES,
    FAILS_GATE,
    REMOVES_ITSELF,
    RUNNING,
    STOPPED,
    Case,
    Workshop,
    calls_of,
    every_call,
    named,
)
from updates.engine.errors import NoSuchObject
from updates.flow.replace import BROKEN_OFF
from updates.flow.session import State, Step
from updates.flow.work import Work

BEFORE_RELEASE = every_call(CASES, lambda case: calls_of(case, until="remove"))


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_new_one_takes_the_place_of_the_old_one(case: Case) -> None:
    shop = Workshop(case)
    outcome = shop.replace()
    assert (outcome.state, outcome.reason) == (State.UPDATED, "")
    shop.check_new_one_is_there()
    assert outcome.new_id == shop.web.id
    assert shop.journal.last.outcome == "updated"


def test_the_new_one_is_created_while_the_old_one_still_runs() -> None:
    shop = Workshop()
    running: list[bool] = []
    shop.engine.fail_on["create"] = lambda _: running.append(shop.web.is_running)
    shop.replace()
    assert running == [True]


def test_the_effects_come_in_this_order() -> None:
    shop = Workshop()
    shop.replace()
    order = ["create", "set_restart_policy", "stop", "rename", "rename", "start", "remove"]
    assert [call.name for call in shop.engine.calls if call.name in order] == order
    steps = [step for step, _ in shop.told]
    assert steps == [Step.CREATE, Step.HOLD, Step.SWAP, Step.START, Step.GATE, Step.RELEASE]


def test_each_step_is_in_the_journal_before_its_effect_and_after_it() -> None:
    shop = Workshop()
    shop.replace()
    steps = [Step.CREATE, Step.HOLD, Step.SWAP, Step.START, Step.GATE, Step.RELEASE]
    assert shop.journal.last.steps == [(when, s) for s in steps for when in ("before", "after")]
    assert shop.journal.last.facts["new_id"] == shop.web.id
    assert shop.journal.last.snapshot["Id"] == shop.old_id


def test_a_container_is_stopped_its_own_way() -> None:
    shop = Workshop(switches={"stop_signal": "SIGHUP"})
    shop.replace()
    stop = next(call for call in shop.engine.calls if call.name == "stop")
    assert stop.how == {"signal": "SIGHUP", "timeout_s": 7}


def test_volumes_of_the_old_one_are_never_removed_with_it() -> None:
    shop = Workshop()
    shop.replace()
    removal = next(call for call in shop.engine.calls if call.name == "remove")
    assert removal.how == {"volumes": False, "force": False}


def test_a_stopped_container_is_never_started() -> None:
    shop = Workshop(STOPPED)
    shop.replace()
    assert {"start", "stop"}.isdisjoint(shop.engine.counts())


def test_a_rm_container_that_takes_its_time_to_vanish_is_waited_for() -> None:
    shop = Workshop(REMOVES_ITSELF)
    shop.engine.lingers = 5
    assert shop.replace().state is State.UPDATED
    shop.check_new_one_is_there()


@pytest.mark.parametrize(("case", "call"), BEFORE_RELEASE, ids=named)
def test_after_a_fault_at_any_call_the_old_one_is_what_remains(case: Case, call: Call) -> None:
    shop = Workshop(case)
    shop.engine.fail_on[call.number] = BROKEN
    outcome = shop.replace()
    assert outcome.state in (State.SKIPPED, State.FAILED, State.ROLLED_BACK)
    assert "broken" in outcome.reason
    shop.check_old_one_is_back()


@pytest.mark.parametrize(("case", "call"), BEFORE_RELEASE, ids=named)
def test_after_a_lost_answer_to_any_call_the_old_one_is_what_remains(
    case: Case, call: Call
) -> None:
    shop = Workshop(case)
    shop.engine.lose_answer_on[call.number] = BROKEN
    assert shop.replace().state in (State.SKIPPED, State.FAILED, State.ROLLED_BACK)
    shop.check_old_one_is_back()


@pytest.mark.parametrize("fault", [KeyError("odd"), KeyboardInterrupt(), SystemExit(1)])
@pytest.mark.parametrize(("case", "call"), BEFORE_RELEASE, ids=named)
def test_a_fault_of_ours_or_the_end_of_the_worker_goes_the_way_back_and_on(
    case: Case, call: Call, fault: BaseException
) -> None:
    shop = Workshop(case)
    shop.engine.fail_on[call.number] = fault
    with pytest.raises(type(fault)):
        shop.replace()
    shop.check_old_one_is_back()
    assert all(entry.outcome in ("failed", "rolled_back") for entry in shop.journal.entries)


def test_before_the_old_one_is_held_a_failure_is_failed_and_after_it_rolled_back() -> None:
    for name, state in [("create", State.FAILED), ("rename", State.ROLLED_BACK)]:
        shop = Workshop()
        shop.engine.fail_on[name, 1] = BROKEN
        assert shop.replace().state is state
        assert shop.journal.last.outcome == state


def test_a_refused_configuration_costs_no_downtime() -> None:
    shop = Workshop()
    shop.engine.fail_on["create"] = BROKEN
    shop.replace()
    assert {"stop", "start", "rename", "set_restart_policy"}.isdisjoint(shop.engine.counts())


@pytest.mark.parametrize("case", CASES, ids=named)
def test_what_the_engine_would_lose_is_named_and_costs_no_downtime(case: Case) -> None:
    shop = Workshop(case)
    shop.web.host |= {"Ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 2}], "Init": True}
    shop.engine.loses = "Ulimits"
    outcome = shop.replace()
    expected = "The new container would be without HostConfig.Ulimits."
    assert (outcome.state, outcome.reason) == (State.FAILED, expected)
    assert {"stop", "start", "rename", "set_restart_policy"}.isdisjoint(shop.engine.counts())
    assert shop.journal.last.outcome == "failed"
    shop.check_old_one_is_back()
    assert shop.web.id == shop.old_id


@pytest.mark.parametrize("case", FAILS_GATE, ids=named)
def test_one_that_does_not_pass_its_gate_is_rolled_back(case: Case) -> None:
    shop = Workshop(case)
    outcome = shop.replace()
    assert outcome.state is State.ROLLED_BACK
    assert outcome.reason.startswith("The new container did not pass: It")
    shop.check_old_one_is_back()
    assert shop.journal.last.outcome == "rolled_back"


def test_a_container_that_vanished_after_the_list_is_skipped() -> None:
    shop = Workshop()
    shop.engine.kept.clear()
    outcome = shop.replace()
    assert (outcome.state, outcome.reason) == (State.SKIPPED, "It is not there any more.")
    assert shop.journal.entries == []


def test_a_container_that_cannot_be_inspected_is_skipped_and_untouched() -> None:
    shop = Workshop()
    shop.engine.fail_on["inspect_container"] = BROKEN
    assert shop.replace().state is State.SKIPPED
    assert shop.journal.entries == []


@pytest.mark.parametrize("missing", ["State", "Config", "HostConfig", "Image", "Name"])
def test_an_odd_document_is_a_fault_before_anything_is_touched(missing: str) -> None:
    shop = Workshop()
    shop.engine.omits = missing
    with pytest.raises(KeyError):
        shop.replace()
    assert set(shop.engine.counts()) <= {"inspect_container", "inspect_image"}
    shop.check_old_one_is_back()


def test_an_old_image_that_is_gone_does_not_stop_it() -> None:
    shop = Workshop()
    del shop.engine.stored[shop.old_image.id]
    assert shop.replace().state is State.UPDATED


def test_an_old_one_that_cannot_be_removed_is_told_and_left_to_recovery() -> None:
    shop = Workshop()
    shop.engine.fail_on["remove"] = BROKEN
    outcome = shop.replace()
    assert outcome.state is State.UPDATED
    assert f"web-watchweb-{shop.old_id[:12]}" in outcome.reason
    assert shop.web.image.id == shop.new_image.id
    assert shop.journal.last.is_open
    assert shop.journal.last.steps[-1] == ("before", Step.RELEASE)


def test_an_old_one_that_is_gone_by_itself_is_no_trouble() -> None:
    shop = Workshop()
    shop.engine.fail_on["remove"] = NoSuchObject("gone", 404)
    assert shop.replace().reason == ""
    assert shop.journal.last.outcome == "updated"


def test_ids_of_containers_that_came_back_are_rewritten() -> None:
    shop = Workshop()
    parent, moved = shop.engine.run("vpn", "vpn:1"), shop.engine.run("vpn-2", "vpn:1")
    shop.web.host["NetworkMode"] = f"container:{parent}"
    shop.order = type(shop.order)(
        shop.order.container,
        shop.order.effective,
        {parent: moved},
        "shop/web:1",
        shop.new_image.id,
    )
    shop.replace()
    assert shop.web.host["NetworkMode"] == f"container:{moved}"


def test_the_current_id_is_known_whatever_the_outcome() -> None:
    shop = Workshop()
    replacement = shop.replacement()
    Work(replacement).run()
    assert replacement.current_id == shop.web.id
    for case in FAILS_GATE:
        shop = Workshop(case)
        replacement = shop.replacement()
        Work(replacement).run()
        assert replacement.current_id == shop.web.id
    shop = Workshop()
    shop.engine.fail_on["create"] = BROKEN
    replacement = shop.replacement()
    Work(replacement).run()
    assert replacement.current_id == ""


def test_the_reason_of_a_broken_off_replacement_is_in_the_journal() -> None:
    shop = Workshop(RUNNING)
    shop.engine.fail_on["start", 1] = SystemExit(1)
    with pytest.raises(SystemExit):
        shop.replace()
    assert shop.journal.last.facts["reason"] == BROKEN_OFF
