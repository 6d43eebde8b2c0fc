"""What hangs hangs nobody who asks, and what breaks is told."""

import threading
import time
from collections.abc import Iterator

import pytest

from updates.health.bounded import BROKEN, SILENT, Bounded
from updates.health.checks import Check

WELL = (Check("database", is_ok=True, sentence="Well."),)


class Hanging:
    """A look that hangs until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()

    def __call__(self) -> tuple[Check, ...]:
        self.begun += 1
        self.go.wait(10)
        return WELL


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    look = Hanging()
    yield look
    look.go.set()


def test_a_look_that_hangs_is_given_up_in_time_and_not_begun_again(hanging: Hanging) -> None:
    bounded = Bounded(hanging)
    began = time.monotonic()
    for _ in range(3):
        assert [one.sentence for one in bounded.checks(0.1)] == [SILENT]
    assert time.monotonic() - began < 2
    assert hanging.begun == 1
    hanging.go.set()
    assert bounded.checks() == WELL
    assert bounded.checks() == WELL


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_breaks_is_no_answer_and_the_next_is_made_anew() -> None:
    fates = iter([False, True])

    def look() -> tuple[Check, ...]:
        if next(fates):
            return WELL
        raise LookupError("A fault.")

    bounded = Bounded(look)
    assert [one.sentence for one in bounded.checks()] == [BROKEN]
    for thread in threading.enumerate():
        if thread.name == "health":
            thread.join()  # Its traceback is this test's.
    assert bounded.checks() == WELL
