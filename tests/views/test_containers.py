"""The list of containers: narrowed, sorted, paged, selected."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Container, Host
from updates.views.containers import PER_PAGE

Status = Container.Status


@pytest.fixture
def fleet(host: Host) -> Host:
    other = Host.objects.create(name="attic", url="unix:///x.sock")
    rows.container(host, "web", stack="shop", status=Status.UPDATE_AVAILABLE)
    rows.container(host, "db", stack="shop", image="ghcr.io/acme/postgres:17")
    rows.container(other, "web", stack="blog", status=Status.UNKNOWN, status_reason="Away.")
    return other


def names(page: str) -> list[str]:
    """ "host/name" of each row, in order."""
    return re.findall(r'aria-label="Select (.+?) on (.+?)"', page) and [
        f"{host}/{name}" for name, host in re.findall(r'aria-label="Select (\S+) on (\S+)"', page)
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["attic/web", "nas/db", "nas/web"]),
        ("q=web", ["attic/web", "nas/web"]),
        ("q=postgres", ["nas/db"]),
        ("q=shop+web", ["nas/web"]),
        ("q=%20", ["attic/web", "nas/db", "nas/web"]),
        ("status=unknown", ["attic/web"]),
        ("stack=shop&q=db", ["nas/db"]),
        ("host={attic}", ["attic/web"]),
        ("status=nonsense", ["attic/web", "nas/db", "nas/web"]),
        ("sort=name", ["nas/db", "nas/web", "attic/web"]),
        ("sort=-name", ["nas/web", "attic/web", "nas/db"]),
        ("sort=nonsense", ["attic/web", "nas/db", "nas/web"]),
        ("page=99", ["attic/web", "nas/db", "nas/web"]),
        ("page=x", ["attic/web", "nas/db", "nas/web"]),
    ],
)
def test_the_address_says_what_is_shown(
    query: str, found: list[str], signed_in: Client, fleet: Host
) -> None:
    shown = names(rows.text(signed_in, f"/containers/?{query.format(attic=fleet.pk)}"))
    assert sorted(shown) == sorted(found)
    if "sort" not in query or "nonsense" in query:
        assert shown == found
    else:
        order = [name.partition("/")[2] for name in shown]
        assert order == [name.partition("/")[2] for name in found]


def test_a_filter_that_nothing_fits_says_so_and_offers_no_button(
    signed_in: Client, fleet: Host
) -> None:
    page = rows.text(signed_in, "/containers/?q=zzz")
    assert "No container fits these filters." in page
    assert "Update selected" not in page


def test_no_container_at_all_leads_to_a_scan(signed_in: Client) -> None:
    assert "No containers yet" in rows.text(signed_in, "/containers/")


def test_a_long_list_is_paged_and_keeps_its_filter(signed_in: Client, host: Host) -> None:
    for number in range(PER_PAGE + 1):
        rows.container(host, f"app-{number:03}")
    first = rows.text(signed_in, "/containers/?q=app")
    assert len(names(first)) == PER_PAGE
    assert "Page 1 of 2" in first
    assert 'href="?q=app&amp;page=2"' in first
    assert names(rows.text(signed_in, "/containers/?q=app&page=2")) == [f"nas/app-{PER_PAGE:03}"]


def test_htmx_gets_the_list_alone_and_history_the_page(signed_in: Client, fleet: Host) -> None:
    part = signed_in.get("/containers/?q=db", headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<form id="list"')
    assert "HX-Request" in part.headers["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in rows.text(signed_in, "/containers/", **restored)


def test_a_check_that_failed_says_why_and_how_old_the_last_answer_is(
    signed_in: Client, host: Host
) -> None:
    rows.container(
        host,
        "web",
        status=Status.UNKNOWN,
        status_reason="ghcr.io did not answer.",
        answered_at=timezone.now() - timedelta(days=2, hours=1),
    )
    rows.container(host, "db", status=Status.UNKNOWN, status_reason="No.", answered_at=None)
    page = rows.text(signed_in, "/containers/").replace("\xa0", " ")
    assert "ghcr.io did not answer. Last good answer: 2 days ago." in page
    assert "There never was a good answer." in page
    assert "Up to date</span>" not in page


def test_a_host_that_is_away_is_marked_beside_its_containers(signed_in: Client, host: Host) -> None:
    rows.container(host, "web")
    Host.objects.update(last_error="It did not answer.")
    assert '<span class="badge bad">away</span>' in rows.text(signed_in, "/containers/")


def test_what_the_address_selects_is_ticked(signed_in: Client, fleet: Host) -> None:
    db = Container.objects.get(name="db")
    page = rows.text(signed_in, f"/containers/?selected={db.pk}")
    assert re.findall(r'value="(\d+)" aria-label="[^"]+" checked', page) == [str(db.pk)]
    assert "selected=" not in "".join(re.findall(r'href="(.*?)"', page))


def test_names_and_images_are_escaped(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", image="<script>/x", status_reason="<b>no</b>")
    page = rows.text(signed_in, "/containers/")
    assert "&lt;script&gt;/<wbr>x" in page
    assert "<b>no" not in page
