"""Who asks what: claims in bulk, answers for all, and a dead asker that blocks for seconds only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from updates.models import RemoteDigest
from updates.runs.answer_book import AnswerBook, Key
from updates.runs.keeper import LEASE


def keys(count: int, via: str = "") -> set[Key]:
    return {(f"ghcr.io/team/app-{number}:1", via) for number in range(count)}


def answered(book: AnswerBook, wanted: set[Key]) -> None:
    """Claim and answer these."""
    rows = list(book.take(wanted).values())
    for row in rows:
        row.digest, row.checked_at = f"sha256:{row.reference}", timezone.now()
    book.save(rows)


def test_what_one_took_the_other_does_not_get(db: None) -> None:
    first, second = AnswerBook(timezone.now()), AnswerBook(timezone.now())

    taken = first.take(keys(3))

    assert taken.keys() == keys(3)
    assert second.take(keys(5)).keys() == keys(5) - keys(3)
    assert not first.take(keys(5))


@pytest.mark.django_db(transaction=True)
def test_eight_askers_at_once_share_the_questions_and_none_is_asked_twice() -> None:
    barrier, since = Barrier(8), timezone.now()

    def take(_: int) -> list[Key]:
        try:
            barrier.wait(10)
            return list(AnswerBook(since).take(keys(40)))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(take, range(8)))

    taken = [key for share in shares for key in share]
    assert sorted(taken) == sorted(keys(40))


def test_an_answer_from_before_the_clock_was_set_back_does_not_count(db: None) -> None:
    answered(AnswerBook(timezone.now()), keys(1))
    RemoteDigest.objects.update(checked_at=timezone.now() + timedelta(hours=1))

    assert AnswerBook(timezone.now()).take(keys(1)).keys() == keys(1)


def test_an_answer_counts_for_everybody_within_the_window(db: None) -> None:
    began = timezone.now()
    answered(AnswerBook(began), keys(3))

    later = AnswerBook(began)
    assert later.current(keys(3)).keys() == keys(3)
    assert not later.take(keys(3)), "nobody asks again"
    anew = AnswerBook(timezone.now())
    assert not anew.current(keys(3))
    assert anew.take(keys(3)).keys() == keys(3)


def test_a_mirror_has_answers_of_its_own(db: None) -> None:
    began = timezone.now()
    answered(AnswerBook(began), keys(2))
    book = AnswerBook(began)

    assert not book.current(keys(2, "http://mirror"))
    assert book.take(keys(2, "http://mirror")).keys() == keys(2, "http://mirror")


def test_a_dead_asker_gives_its_questions_up_after_its_lease(db: None) -> None:
    dead, living = AnswerBook(timezone.now()), AnswerBook(timezone.now())
    dead.take(keys(2))
    assert not living.take(keys(2))
    assert timedelta(seconds=5) >= LEASE, "no more than a few seconds"

    RemoteDigest.objects.update(filling_until=timezone.now() - timedelta(seconds=1))

    assert living.take(keys(2)).keys() == keys(2)


def test_an_asker_at_work_keeps_what_it_took_and_nothing_else(db: None) -> None:
    mine, other = AnswerBook(timezone.now()), AnswerBook(timezone.now())
    rows = mine.take(keys(1)).values()
    almost_over = timezone.now() + timedelta(seconds=0.5)
    RemoteDigest.objects.update(filling_until=almost_over)

    other.keep(rows)
    assert RemoteDigest.objects.get().filling_until == almost_over

    mine.keep(rows)
    lease_end = RemoteDigest.objects.get().filling_until
    assert lease_end
    assert lease_end > almost_over


def test_what_another_asker_took_over_is_left_to_it(db: None) -> None:
    slow, quick = AnswerBook(timezone.now()), AnswerBook(timezone.now())
    (late,) = slow.take(keys(1)).values()
    RemoteDigest.objects.update(filling_until=timezone.now() - timedelta(seconds=1))
    answered(quick, keys(1))
    late.error, late.checked_at = "It did not answer.", timezone.now()

    slow.save([late])

    row = RemoteDigest.objects.get()
    assert row.digest.startswith("sha256:")
    assert row.error == ""


def test_the_statements_do_not_grow_with_the_references(db: None) -> None:
    def cost(count: int, via: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            book = AnswerBook(timezone.now())
            book.current(keys(count, via))
            answered(book, keys(count, via))
            book.current(keys(count, via))
        return len(statements)

    assert cost(3, "few") == cost(300, "many")
