"""The audit trail's page: who may see it, its filters, its files."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.models import AuditEntry
from updates.models.audit import Deed
from updates.runs.prune import prune


@pytest.fixture
def reader(clerk: Callable[..., Client]) -> Client:
    found = clerk("view_auditentry")
    AuditEntry.objects.all().delete()
    return found


def entry(**facts: object) -> AuditEntry:
    defaults: dict[str, object] = {"username": "ada", "origin": "page", "deed": Deed.ADDED}
    return AuditEntry.objects.create(**defaults | facts)


def downloaded(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


def test_only_who_may_sees_it(signed_in: Client) -> None:
    for address in ("/audit/", "/audit.csv", "/audit.json"):
        assert signed_in.get(address).status_code == 403
    assert "/audit/" not in rows.text(signed_in, "/")


def test_an_entry_says_who_did_what_and_from_where(reader: Client) -> None:
    entry(
        deed=Deed.CHANGED,
        subject="host nas",
        token="script",
        origin="api",
        address="10.0.0.9",
        changes=[["address", "old-one", "new-one"]],
    )
    page = rows.text(reader, "/audit/")
    for words in ("ada", "Changed", "host nas", "API, token script", "10.0.0.9", "old-one"):
        assert words in page, words


def test_the_filters_are_in_the_address(reader: Client) -> None:
    entry(subject="first", at=timezone.now() - timedelta(days=9))
    entry(subject="second", username="ben")
    entry(subject="third", deed=Deed.DELETED)
    day = (timezone.now() - timedelta(days=2)).date()
    expected = {
        "?person=ada": {"first", "third"},
        "?kind=deleted": {"third"},
        f"?since={day}": {"second", "third"},
        "?person=ben&kind=deleted": set(),
        "?since=nonsense": {"first", "second", "third"},
    }
    for query, subjects in expected.items():
        page = rows.text(reader, f"/audit/{query}")
        assert {one for one in ("first", "second", "third") if one in page} == subjects, query


def test_a_long_trail_is_walked_without_counting_it(reader: Client) -> None:
    for number in range(60):
        entry(subject=f"entry-{number:02}")
    with CaptureQueriesContext(connection) as captured:
        page = rows.text(reader, "/audit/?person=ada")
    assert "COUNT" not in str(captured.captured_queries)
    assert "entry-59" in page
    assert "entry-09" not in page
    older = AuditEntry.objects.get(subject="entry-10").pk
    assert f"?person=ada&amp;before={older}" in page
    assert "entry-09" in rows.text(reader, f"/audit/?person=ada&before={older}")


def test_a_spreadsheet_runs_nothing_of_what_was_typed(reader: Client) -> None:
    entry(username="=cmd|' /C calc'!A0", subject='+1, "x"', changes=[["a", "-b", ""]])
    [titles, line] = csv.reader(io.StringIO(downloaded(reader, "/audit.csv")))
    found = dict(zip(titles, line, strict=True))
    assert found["who"] == "'=cmd|' /C calc'!A0"
    assert found["subject"] == '\'+1, "x"'
    assert found["changes"] == "a: -b -> nothing"


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_json_is_one_array(reader: Client, number: int) -> None:
    for one in range(number):
        entry(subject=f"entry-{one}", changes=[["a", "b", "c"]])
    entry(subject="of-others", username="ben")
    found = json.loads(downloaded(reader, "/audit.json?person=ada"))
    assert [one["subject"] for one in found] == [f"entry-{one}" for one in reversed(range(number))]
    assert all(one["changes"] == [{"what": "a", "old": "b", "new": "c"}] for one in found)


def test_old_entries_go_after_the_time_that_is_set(reader: Client, settings: object) -> None:
    settings.WATCHWEB_AUDIT_DAYS = 30  # type: ignore[attr-defined]
    entry(subject="old", at=timezone.now() - timedelta(days=31))
    entry(subject="young", at=timezone.now() - timedelta(days=29))
    prune()
    assert [one.subject for one in AuditEntry.objects.all()] == ["young"]
