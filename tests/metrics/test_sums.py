"""Sums begin, grow, and are written in one statement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from updates.metrics.sums import BEYOND, SUM, Sums
from updates.models import Tally
from updates.models.tally import Series, Summed, joined

pytestmark = pytest.mark.django_db


def rows() -> dict[tuple[str, int, str], float]:
    found = Tally.objects.values_list("family", "subject", "labels", "value")
    return {(family, subject, labels): value for family, subject, labels, value in found}


def test_what_is_counted_is_added_to_what_is_there_in_one_statement() -> None:
    for _ in range(2):
        sums = Sums()
        for subject in range(3):
            sums.count(Summed.HOST_RUNS, "scan", "finished", subject=subject)
        sums.count(Summed.ENGINE_CALLS, subject=2, by=40)
        sums.count(Summed.ENGINE_CALLS, subject=1, by=0)
        with CaptureQueriesContext(connection) as captured:
            sums.save()
            sums.save()
        assert len(captured) == 1

    assert rows() == {
        ("engine_calls", 2, ""): 80,
        ("host_runs", 0, "scan\nfinished"): 2,
        ("host_runs", 1, "scan\nfinished"): 2,
        ("host_runs", 2, "scan\nfinished"): 2,
    }


def test_more_series_than_one_statement_takes_are_all_written() -> None:
    Tally.objects.add({Series("runs", number): 1 for number in range(450)})
    assert Tally.objects.count() == 450


def test_a_duration_goes_into_its_bucket_and_into_the_sum() -> None:
    sums = Sums()
    for seconds in (0.3, 5.0, 5.1, 1_000_000.0, -1.0):
        sums.observe(Summed.DOWNTIME_SECONDS, seconds, subject=7)
    sums.save()

    found = {labels: value for (_, _, labels), value in rows().items()}
    assert found.pop(SUM) == pytest.approx(1_000_010.4)
    assert found == {"0.1": 1, "0.5": 1, "5": 1, "10": 1, BEYOND: 1}


def test_a_label_cannot_break_out_of_its_line() -> None:
    assert joined(("a\nb\r\n", "c")) == "a b\nc"
