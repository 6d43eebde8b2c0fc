"""A run's containers on its page: narrowed, paged, what matters first."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.flow.session import Params
from updates.models import ContainerResult, Host, RunEvent, UpdateRun
from updates.models.run import RunState

MANY = 200


@pytest.fixture
def mixed(host: Host) -> UpdateRun:
    run = rows.run(host)
    for name, state in (("fresh", "fresh"), ("new", "updated"), ("broken", "failed")):
        rows.result(run, name, state)
    part = run.host_runs.create(host=Host.objects.create(name="attic", url="unix:///x.sock"))
    ContainerResult.objects.create(
        host_run=part, container_id="1", name="loft", image="shop/loft:1", state="skipped"
    )
    return run


def names(text: str) -> list[str]:
    """Of the containers listed, in their order."""
    table = text.partition('id="results"')[2].partition('id="events"')[0]
    return re.findall(r'class="name"[^>]*>([^<]*)<', table)


def test_what_went_wrong_and_what_changed_come_first(signed_in: Client, mixed: UpdateRun) -> None:
    found = names(rows.text(signed_in, f"/runs/{mixed.pk}/"))
    assert found == ["broken", "new", "loft", "fresh"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=updated", ["new"]),
        ("state=open", []),
        ("q=shop+loft", ["loft"]),
        ("q=registry.example.com/new", ["new"]),
        ("host={attic}", ["loft"]),
        ("host={attic}&state=failed", []),
        ("host=999", ["broken", "new", "loft", "fresh"]),
        ("page=7", ["broken", "new", "loft", "fresh"]),
        ("page=" + "9" * 30, ["broken", "new", "loft", "fresh"]),
        ("page=x", ["broken", "new", "loft", "fresh"]),
    ],
)
def test_the_address_narrows_them(
    query: str, found: list[str], signed_in: Client, mixed: UpdateRun
) -> None:
    query = query.format(attic=Host.objects.get(name="attic").pk)
    for part in ("", "results/"):
        assert names(rows.text(signed_in, f"/runs/{mixed.pk}/{part}?{query}")) == found


def test_where_nothing_fits_it_says_so(signed_in: Client, mixed: UpdateRun) -> None:
    text = rows.text(signed_in, f"/runs/{mixed.pk}/?q=zzz")
    assert "No container of this run fits these filters." in text


def test_what_is_shown_is_asked_for_again_as_it_was_narrowed(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    rows.result(run, "web", "")
    text = rows.text(signed_in, f"/runs/{run.pk}/?q=web&state=open")
    assert f'hx-get="/runs/{run.pk}/results/?q=web&amp;state=open"' in text


@pytest.mark.parametrize(
    ("number", "query", "is_there"), [(15, "", False), (16, "", True), (1, "?q=w", True)]
)
def test_few_are_narrowed_by_the_eye(
    number: int, query: str, is_there: bool, signed_in: Client, host: Host
) -> None:
    run = rows.run(host)
    for place in range(number):
        rows.result(run, f"web-{place}")
    text = rows.text(signed_in, f"/runs/{run.pk}/{query}")
    assert ('role="search" aria-label="Containers of this run"' in text) is is_there


@pytest.mark.parametrize(("names", "is_there"), [((), True), (("nas/web",), False)])
def test_an_open_run_that_may_get_long_can_be_narrowed_from_its_beginning(
    names: tuple[str, ...], is_there: bool, signed_in: Client, host: Host
) -> None:
    run = rows.run(host, RunState.RUNNING, params=Params(names=names).to_json())
    text = rows.text(signed_in, f"/runs/{run.pk}/")
    assert ('aria-label="Containers of this run"' in text) is is_there


def test_nothing_new_is_a_304(signed_in: Client, mixed: UpdateRun) -> None:
    address = f"/runs/{mixed.pk}/results/"
    etag = signed_in.get(address).headers["ETag"]
    assert signed_in.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_row_tells_its_steps_its_downtime_and_what_its_command_printed(
    signed_in: Client, host: Host
) -> None:
    run = rows.run(host)
    rows.result(run, "web", log="it <b>broke</b>")
    began = timezone.now()
    told = [("pre_update", 0, "The pre-update command ended with code 0.\nSaved 3 rows.")]
    told += [("hold", 1, "Stopping"), ("start", 3, "Starting"), ("gate", 4, "Watching")]
    for step, seconds, message in [*told, ("done", 9, "Updated.")]:
        made = rows.event(run, message, "web")
        at = began + timedelta(seconds=seconds)
        RunEvent.objects.filter(pk=made.pk).update(step=step, at=at)
    text = rows.text(signed_in, f"/runs/{run.pk}/")
    for said in ("stop 2.0 s", "gate 5.0 s", "down 3.0 s", "Saved 3 rows.", "it &lt;b&gt;broke"):
        assert said in text, said
    assert "Longest step: gate, 5.0 s" in text
    drawn = re.findall(r'<rect class="(\w+)" x="(\d+)" width="(\d+)"', text)
    assert drawn == [
        *(("quiet", "0", "111"), ("news", "111", "222")),
        *(("news", "333", "111"), ("good", "444", "556")),
    ]


def test_a_large_run_is_a_small_page_of_few_statements(signed_in: Client, host: Host) -> None:
    run = rows.run(host, RunState.RUNNING)
    part = run.host_runs.get()
    reason, log = "The registry has another image. " * 4, "a line of its log\n" * 50
    ContainerResult.objects.bulk_create(
        ContainerResult(
            host_run=part,
            container_id=str(number),
            name=f"a-long-name-of-a-container-{number}",
            image=f"registry.example.com/a/long/path/to/an/image-{number}:1.2.3",
            state="failed" if number % 2 else "",
            reason=reason,
            log=log,
            place=number,
            wave=1 + number % 5,
            waits_for=f"a-long-name-of-a-container-{number - 1}",
        )
        for number in range(1, MANY)
    )
    events = (
        RunEvent(host_run=part, container=f"a-long-name-of-a-container-{number}", message=reason)
        for number in range(MANY)
    )
    RunEvent.objects.bulk_create(events)
    for address, kilobytes in (("", 100), ("live/", 40), ("results/", 75)):
        with CaptureQueriesContext(connection) as asked:
            text = rows.text(signed_in, f"/runs/{run.pk}/{address}")
        assert len(text) < kilobytes * 1024, address
        assert len(asked) < 15, address
        assert "tls_key" not in "".join(one["sql"] for one in asked)


def test_all_events_have_a_page(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    part = run.host_runs.get()
    RunEvent.objects.bulk_create(RunEvent(host_run=part, message=f"<{n}>") for n in range(201))
    assert f'href="/runs/{run.pk}/events/"' in rows.text(signed_in, f"/runs/{run.pk}/")
    first = rows.text(signed_in, f"/runs/{run.pk}/events/")
    assert "&lt;0&gt;" in first
    assert "&lt;200&gt;" not in first
    assert "&lt;200&gt;" in rows.text(signed_in, f"/runs/{run.pk}/events/?page=2")
