"""The list of runs: narrowed by its address, paged without a count, live."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.views import rows
from updates.flow.session import Kind
from updates.models import Host, HostRun, Preference, UpdateRun
from updates.models.run import RunState
from updates.views.runs import PER_PAGE


def shown(client: Client, query: str = "") -> list[int]:
    """The keys of the runs listed, in their order."""
    text = rows.text(client, f"/runs/?{query}")
    return [int(pk) for pk in re.findall(r'class="whole" href="/runs/(\d+)/"', text)]


@pytest.fixture
def three(host: Host) -> list[int]:
    """A scan by a schedule, an update by anna that failed, a queued update on another host."""
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    anna = User.objects.create(username="anna")
    made = [
        rows.run(host, kind=Kind.SCAN, trigger="schedule"),
        rows.run(host, user=anna),
        rows.run(attic, RunState.QUEUED),
    ]
    rows.result(made[0], "web", "fresh")
    rows.result(made[1], "web", "failed")
    return [run.pk for run in made]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("", [2, 1, 0]),
        ("kind=scan", [0]),
        ("state=queued", [2]),
        ("trigger=schedule", [0]),
        ("host={attic}", [2]),
        ("user={anna}", [1]),
        ("trouble=on", [1]),
        ("trouble=on&kind=scan", []),
        ("sort=created_at", [0, 1, 2]),
        ("page=" + "9" * 30, [2, 1, 0]),
        ("since=yesterday", [2, 1, 0]),
    ],
)
def test_the_address_narrows_and_sorts_it(
    query: str, places: list[int], signed_in: Client, three: list[int]
) -> None:
    keys = {
        "attic": Host.objects.get(name="attic").pk,
        "anna": User.objects.get(username="anna").pk,
    }
    assert shown(signed_in, query.format(**keys)) == [three[place] for place in places]


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.INTERRUPTED])
def test_a_run_of_which_a_host_failed_has_failures(
    state: RunState, signed_in: Client, three: list[int]
) -> None:
    HostRun.objects.filter(run=three[0]).update(state=state)
    assert shown(signed_in, "trouble=on") == [three[1], three[0]]


def test_days_are_those_of_the_persons_zone(
    signed_in: Client, operator: User, three: list[int]
) -> None:
    Preference.objects.create(user=operator, time_zone="Asia/Tokyo")
    moments = (datetime(2026, 3, 1, 14, tzinfo=UTC), datetime(2026, 3, 1, 15, tzinfo=UTC))
    for pk, at in zip(three, moments, strict=False):
        UpdateRun.objects.filter(pk=pk).update(created_at=at)
    assert shown(signed_in, "until=2026-03-01") == [three[0]]
    assert shown(signed_in, "since=2026-03-02&until=2026-03-02") == [three[1]]


def test_each_run_has_its_own_counts(signed_in: Client, host: Host) -> None:
    for count in (1, 2):
        run = rows.run(host)
        for number in range(count):
            rows.result(run, f"web-{number}")
    text = rows.text(signed_in, "/runs/")
    assert [text.count(f"{count} updated") for count in (1, 2)] == [1, 1]


def test_it_is_paged_without_counting_it(signed_in: Client, host: Host) -> None:
    made = [rows.run(host).pk for _ in range(PER_PAGE + 2)]
    with CaptureQueriesContext(connection) as asked:
        assert shown(signed_in) == made[:1:-1]
    counts = [one["sql"] for one in asked if "COUNT" in one["sql"].upper()]
    assert all("host_run" in sql and " IN (" in sql for sql in counts), "none of a whole table"
    assert shown(signed_in, "page=2") == made[1::-1]
    text = rows.text(signed_in, "/runs/")
    assert "<span>Page 1</span>" in text
    assert 'rel="next"' in text


def test_the_list_renews_itself_as_it_is_narrowed_and_ticked(
    signed_in: Client, three: list[int]
) -> None:
    text = rows.text(signed_in, f"/runs/live/?kind=update&selected={three[1]}")
    assert "<html" not in text
    assert 'hx-get="/runs/live/?kind=update' in text
    assert f'value="{three[1]}" aria-label="Compare Update #{three[1]}" checked' in text
    assert f"/runs/{three[0]}/" not in text


def test_nothing_new_is_a_304_and_each_change_is_sent(signed_in: Client, three: list[int]) -> None:
    def known() -> str:
        return str(signed_in.get("/runs/live/").headers["ETag"])

    etag = known()
    assert signed_in.get("/runs/live/", headers={"If-None-Match": etag}).status_code == 304
    rows.result(UpdateRun.objects.get(pk=three[2]), "web", "updated")
    seen = {etag, known()}
    UpdateRun.objects.filter(pk=three[2]).update(state=RunState.RUNNING)
    seen.add(known())
    rows.run(Host.objects.get(name="attic"))
    seen.add(known())
    assert len(seen) == 4


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("", "All"),
        ("trouble=on", "With trouble"),
        ("kind=scan&host=1", "Scans"),
        ("state=running", "Running"),
        ("kind=scan&trouble=on", None),
    ],
)
def test_what_most_come_for_is_one_click_away(
    query: str, current: str | None, signed_in: Client, three: list[int]
) -> None:
    for address in ("/runs/", "/runs/live/"):
        text = rows.text(signed_in, f"{address}?{query}")
        assert re.findall(r'aria-current="true">([^<]*)<', text) == ([current] if current else [])
    assert ("host=1" in text) is ("host=1" in query), "the other filters stay"


def test_a_run_with_trouble_is_told_from_one_that_failed(signed_in: Client, host: Host) -> None:
    for results in ((RunState.FINISHED, "rolled_back"), (RunState.FAILED, "fresh")):
        run = rows.run(host, results[0])
        rows.result(run, "web", results[1])
    rows.run(host, RunState.FAILED)
    badges = re.findall(r'class="badge \w+">([^<]*)<', rows.text(signed_in, "/runs/"))
    assert badges == [
        *("Failed", "1 host failed"),
        *("With trouble", "1 host failed", "1 up to date"),
        *("With trouble", "1 rolled back"),
    ]


def test_it_names_the_first_of_those_that_changed(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    for name in ("web", "api", "cache", "db", "mail"):
        rows.result(run, name, "updated")
    rows.result(run, "shop", "rolled_back")
    rows.result(run, "blog", "fresh")
    text = rows.text(signed_in, "/runs/")
    assert "Rolled back: shop<" in text
    assert "Updated: api, cache, db and 2 more<" in text
    assert "blog" not in text
