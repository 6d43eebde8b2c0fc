"""A fault of ours stays where it happened."""

import pytest

from updates.engine.errors import EngineUnreachable
from updates.flow.session import Interrupted
from updates.runs.guard import FAULT, guarded


def test_a_fault_becomes_a_sentence_and_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert guarded(lambda: str(1 // 0), lambda why: f"({why})") == f"({FAULT})"

    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in FAULT


@pytest.mark.parametrize("error", [EngineUnreachable("Away."), Interrupted(), SystemExit()])
def test_what_others_answer_goes_through(error: BaseException) -> None:
    def work() -> str:
        raise error

    with pytest.raises(type(error)):
        guarded(work, str)
