"""What became of those that were left as they are."""

import pytest

from tests.flow.rules import rules
from tests.flow.summaries import container
from updates.engine.container import ImageSummary
from updates.flow.check import Verdict
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.pull import VERSION
from updates.flow.report import Facts, untouched
from updates.flow.session import CheckStatus, State
from updates.registry.reference import Reference

WEB = container("web")
VERSIONED = ImageSummary(WEB.image_id, labels={VERSION: "1.2"})
FACTS = Facts(rules(cleanup=True), {WEB.image_id: VERSIONED})
STATES = [
    (CheckStatus.UP_TO_DATE, State.FRESH),
    (CheckStatus.UPDATE_AVAILABLE, State.STALE),
    (CheckStatus.UNKNOWN, State.SKIPPED),
    (CheckStatus.LOCAL, State.SKIPPED),
    (CheckStatus.PINNED, State.SKIPPED),
]


@pytest.mark.parametrize(("status", "state"), STATES)
def test_each_check_status_has_its_state_and_keeps_its_reason(
    status: CheckStatus, state: State
) -> None:
    verdicts = {WEB.id: Verdict(status, reason="Why.")}
    (result,) = untouched([WEB], verdicts, Plan(), FACTS)
    assert (result.state, result.reason) == (state, "Why.")


def test_what_was_left_or_skipped_says_why() -> None:
    verdicts = {WEB.id: Verdict(CheckStatus.UPDATE_AVAILABLE, reason="Another image.")}
    (left,) = untouched([WEB], verdicts, Plan(left={WEB.id: "Paused."}), FACTS)
    assert (left.state, left.reason) == (State.STALE, "Paused.")
    (skipped,) = untouched([WEB], verdicts, Plan(skipped={WEB.id: "A circle."}), FACTS)
    assert (skipped.state, skipped.reason) == (State.SKIPPED, "A circle.")


def test_what_is_acted_on_is_not_reported_twice() -> None:
    action = Action(WEB, ActionKind.RESTART, "")
    verdicts = {WEB.id: Verdict(CheckStatus.UPDATE_AVAILABLE)}
    assert list(untouched([WEB], verdicts, Plan((action,)), FACTS)) == []


def test_a_result_names_the_reference_and_both_digests() -> None:
    reference = Reference.parse("docker.io/shop/web:2")
    verdict = Verdict(CheckStatus.UP_TO_DATE, reference, "", "sha256:a", "sha256:b")
    result = FACTS.result(WEB, verdict, State.FRESH, "")
    assert (result.image, result.old_digest, result.new_digest) == (
        "shop/web:2",
        "sha256:a",
        "sha256:b",
    )
    assert result.old_image_id == WEB.image_id


def test_a_container_that_was_not_checked_is_named_by_its_list_entry() -> None:
    assert FACTS.result(WEB, None, State.FAILED, "").image == WEB.image


def test_a_result_tells_the_version_it_came_from_and_what_was_set_for_it() -> None:
    result = FACTS.result(WEB, None, State.FAILED, "")
    assert result.old_version == "1.2"
    assert result.settings == {"cleanup": {"value": True, "from": "run"}}
