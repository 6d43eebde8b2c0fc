"""A container's page: what is in its way, where that is lifted, and what the page costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.flow.blockers import BlockerKind
from updates.models import Container, ContainerResult, Hold, Host, Policy, Schedule
from updates.models.run import RunState
from updates.views.lifting import _WORDS

OCI = "org.opencontainers.image."
SOON = timezone.now() + timedelta(hours=3, minutes=59)


@pytest.fixture
def web(host: Host) -> Container:
    return rows.container(
        host,
        "web",
        status="update_available",
        local_digest=rows.DIGEST,
        remote_digest=rows.NEW_DIGEST,
        stack="shop",
        labels={
            f"{OCI}version": "1.2.0",
            f"{OCI}source": "https://github.com/shop/web",
            f"{OCI}url": "javascript:alert(1)",
        },
    )


def test_each_kind_of_blocker_has_its_words() -> None:
    assert set(_WORDS) == set(BlockerKind)


def test_it_says_what_is_in_its_way_and_who_may_go_where_that_is_lifted(
    clerk: Callable[..., Client], web: Container
) -> None:
    registry = rows.registry(paused_until=SOON, pause_reason="It allows no more.")
    Policy.objects.create(host=web.host, values={"monitor_only": True})
    page = rows.text(clerk("view_policy", "view_registry", "view_schedule"), page_of(web))
    assert "It allows no more." in page
    assert "in 3\xa0hours</time>" in page
    assert "It is only monitored, by the settings of nas." in page
    assert "No schedule updates it" in page
    places = [registry.get_absolute_url(), web.get_settings_url(), "/schedules/"]
    for place in places:
        assert f'<a href="{place}">' in page.partition("in its way")[2]
    page = rows.text(clerk(), page_of(web)).partition("in its way")[2]
    assert "It allows no more." in page
    assert not any(f'<a href="{place}">' in page for place in places)


def test_one_with_nothing_in_its_way_says_so(signed_in: Client, web: Container) -> None:
    Schedule.objects.create(name="nightly", when="@daily", next_at=SOON)
    page = rows.text(signed_in, page_of(web))
    assert "Nothing is in its way" in page
    assert "What is in its way" not in page


def test_its_labels_lead_to_source_and_release_notes_and_to_nothing_else(
    signed_in: Client, web: Container
) -> None:
    page = rows.text(signed_in, page_of(web))
    notes = "https://github.com/shop/web/releases/tag/1.2.0"
    assert f'<a href="{notes}" rel="noopener noreferrer nofollow"' in page
    assert "Release notes of 1.2.0" in page
    assert "javascript:" not in page


def test_the_settings_that_count_name_their_origin(
    clerk: Callable[..., Client], web: Container
) -> None:
    signed_in = clerk("view_policy")
    assert "Nothing is set: the defaults count." in rows.text(signed_in, page_of(web))
    Policy.objects.create(
        host=web.host,
        container="web",
        values={
            "cleanup": True,
            "rollback_window": 259_200,
            "gate_seconds": 90,
            "rollback_versions": 2,
        },
    )
    page = rows.text(signed_in, page_of(web))
    assert '<dt>cleanup</dt><dd><span class="value">yes</span>' in page
    assert '<span class="badge quiet">Container</span>' in page
    for shown in ("3d", "1m 30s", "2 images"):
        assert f'<span class="value">{shown}</span>' in page
    page = rows.text(clerk(), page_of(web))
    assert '<dt>cleanup</dt><dd><span class="badge quiet">' in page.replace("  ", "")


def test_what_keeps_it_back_is_told_once_and_lifted_where_it_is_told(
    signed_in: Client, clerk: Callable[..., Client], web: Container
) -> None:
    for digest, reason in (("", "Holidays."), (rows.NEW_DIGEST, "It failed.")):
        Hold.objects.create(host=web.host, container="web", digest=digest, reason=reason)
    page = rows.text(signed_in, page_of(web))
    assert (page.count("Holidays."), page.count("It failed.")) == (1, 1)
    assert page.count(f'action="{page_of(web)}release/"') == 2
    assert "Holds and blocked images" not in page
    assert "release/" not in rows.text(clerk(), page_of(web))
    older = Hold.objects.create(
        host=web.host, container="web", digest=rows.DIGEST, reason="It failed before."
    )
    page = rows.text(signed_in, page_of(web)).partition("Holds and blocked images")[2]
    assert older.reason in page
    assert "Holidays." not in page


def test_the_history_has_pages(signed_in: Client, web: Container) -> None:
    run = rows.run(web.host)
    for number in range(16):
        rows.result(rows.run(web.host), "web", reason=f"Reason {number}.")
    assert rows.text(signed_in, run.get_absolute_url())
    first = rows.text(signed_in, page_of(web))
    assert ">Older<" in first
    assert "Newer" not in first
    assert "Reason 15." in first
    assert "Reason 0." not in first
    second = rows.text(signed_in, f"{page_of(web)}?page=2")
    assert "Reason 0." in second
    assert "Older" not in second
    assert "hx-get" not in second.partition("<main")[2]


@pytest.mark.parametrize("page", ["0", "x", "-1", "²", "9" * 30, "99999"])
def test_odd_pages_of_the_history_are_no_trouble(
    page: str, signed_in: Client, web: Container
) -> None:
    rows.text(signed_in, f"{page_of(web)}?page={page}")


def test_the_poll_is_a_304_until_something_moves(signed_in: Client, web: Container) -> None:
    live = f"{page_of(web)}live/"
    tag = signed_in.get(live).headers["ETag"]

    def poll() -> int:
        return signed_in.get(live, headers={"If-None-Match": tag}).status_code

    moves: list[Callable[[], Any]] = [
        lambda: Container.objects.update(state="exited"),
        lambda: Hold.objects.create(host=web.host, container="web", reason="Wait."),
        lambda: rows.run(web.host, RunState.RUNNING),
        lambda: rows.result(rows.run(web.host), "web"),
        lambda: Policy.objects.create(values={"cleanup": True}),
        lambda: Host.objects.update(last_error="Away."),
        lambda: rows.registry(paused_until=SOON),
        lambda: Schedule.objects.create(name="nightly", when="@daily"),
        Schedule.objects.pause,
    ]
    for move in moves:
        assert poll() == 304
        move()
        assert poll() == 200
        tag = signed_in.get(live).headers["ETag"]


def test_the_part_that_moves_is_the_page_without_its_frame(
    signed_in: Client, web: Container
) -> None:
    part = rows.text(signed_in, f"{page_of(web)}live/")
    assert part.lstrip().startswith('<div id="live"')
    assert 'hx-trigger="every 20s"' in part
    rows.run(web.host, RunState.RUNNING)
    assert 'hx-trigger="every 2s"' in rows.text(signed_in, f"{page_of(web)}live/")
    assert signed_in.get(f"/hosts/{web.host_id}/containers/nobody/live/").status_code == 404


def test_it_asks_less_than_fifteen_statements_and_nothing_encrypted(
    signed_in: Client, web: Container
) -> None:
    for _ in range(30):
        rows.result(rows.run(web.host), "web")
    rows.registry()
    with CaptureQueriesContext(connection) as captured:
        page = rows.text(signed_in, page_of(web))
    statements = [one["sql"] for one in captured]
    assert len(statements) < 15, "\n".join(statements)
    assert not any("tls_key" in one or 'registry"."password' in one for one in statements)
    assert not any("COUNT(" in one for one in statements)
    assert len(page) < 100_000
    assert ContainerResult.objects.count() == 30


def page_of(row: Container) -> str:
    return f"/hosts/{row.host_id}/containers/{row.name}/"
