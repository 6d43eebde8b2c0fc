"""The list of containers: narrowed, sorted, paged, selected."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import Container, Hold, Host
from updates.views.containers.page import PER_PAGE
from updates.views.containers.standing import Standing

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
        ("image=acme", ["nas/db"]),
        ("stack=SHOP", ["nas/db", "nas/web"]),
        ("stack=lo", ["attic/web"]),
        ("q=attic", ["attic/web"]),
        ("q=%00web", ["attic/web", "nas/db", "nas/web"]),
        ("state=exited", []),
        ("state=running&health=none", ["attic/web", "nas/db", "nas/web"]),
        ("health=unhealthy", []),
        ("policy=automatic", ["attic/web", "nas/db", "nas/web"]),
        ("policy=held", []),
        ("group=stack", ["attic/web", "nas/db", "nas/web"]),
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
    assert "No container fits these filters" in page
    assert "Clear filters" in page
    assert 'name="act"' not in page


def test_no_container_at_all_leads_to_a_scan(signed_in: Client) -> None:
    assert "No host yet" in rows.text(signed_in, "/containers/")
    Host.objects.create(name="nas", url="unix:///x.sock")
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
    assert part.content.decode().lstrip().startswith("<form method=")
    assert part.headers["HX-Push-Url"] == "/containers/?q=db"
    assert "HX-Request" in part.headers["Vary"]
    empty = signed_in.get("/containers/?q=&status=&sort=", headers={"HX-Request": "true"})
    assert empty.headers["HX-Push-Url"] == "/containers/"
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
    assert '<span class="badge bad">Unreachable</span>' in rows.text(signed_in, "/containers/")


def test_what_the_address_selects_is_ticked(signed_in: Client, fleet: Host) -> None:
    db = Container.objects.get(name="db")
    page = rows.text(signed_in, f"/containers/?selected={db.pk}")
    assert re.findall(r'value="(\d+)" aria-label="[^"]+" checked', page) == [str(db.pk)]
    assert "selected=" not in "".join(re.findall(r'href="(.*?)"', page))
    nothing = rows.text(signed_in, "/containers/?selected=x&selected=").partition("<table")[2]
    assert '" checked>' not in nothing.partition("</table>")[0]


def test_the_policies_are_told_and_narrowed_by(signed_in: Client, host: Host) -> None:
    soon = timezone.now() + timedelta(days=1)
    stale = {"status": Status.UPDATE_AVAILABLE, "remote_digest": rows.NEW_DIGEST}
    rows.container(host, "watched", monitor_only=True)
    rows.container(host, "kept")
    rows.container(host, "bad", **stale)
    rows.container(host, "fine", **stale)
    rows.container(host, "young", held_until=soon)
    rows.container(host, "out", status=Status.EXCLUDED)
    Hold.objects.create(host=host, container="kept", reason="No.")
    Hold.objects.create(host=host, container="bad", digest=rows.NEW_DIGEST, reason="It failed.")
    Hold.objects.create(host=host, container="fine", digest=rows.DIGEST, reason="It failed.")
    expected = {
        "monitor_only": ["nas/watched"],
        "held": ["nas/kept"],
        "blocked": ["nas/bad"],
        "waits": ["nas/young"],
        "excluded": ["nas/out"],
        "automatic": ["nas/fine"],
    }
    rows.container(host, "made-here", status=Status.LOCAL)
    for policy, found in expected.items():
        page = rows.text(signed_in, f"/containers/?policy={policy}")
        assert names(page) == found
        words = "Waits until" if policy == "waits" else str(Standing(policy).label)
        assert words in page.partition("<table")[2]


def test_the_version_and_the_one_to_come_are_shown_as_far_as_they_are_known(
    signed_in: Client, host: Host
) -> None:
    facts = {"local_digest": rows.DIGEST, "remote_digest": rows.NEW_DIGEST}
    stale = facts | {"status": Status.UPDATE_AVAILABLE}
    rows.container(host, "web", version="1.25.3", available_version="1.25.4", **stale)
    rows.container(host, "db", version="17", available_version="17", **stale)
    rows.container(host, "job", **facts)
    page = rows.text(signed_in, "/containers/")
    cells = re.findall(r'<td class="note">(<span class="version".*?)</td>', page.replace("→", ""))
    found = [" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in cells]
    assert found == ["17 to new image", "1f1f1f1f1f1f", "1.25.3 to 1.25.4"]


def test_groups_count_all_their_containers_whatever_page_shows_them(
    signed_in: Client, fleet: Host, host: Host
) -> None:
    rows.container(host, "lonely")
    page = re.sub(
        r"\s+", " ", re.sub(r"<.*?>", "", rows.text(signed_in, "/containers/?group=stack"))
    )
    assert "blog on attic 1 container " in page
    assert "shop on nas 2 containers 1 update " in page
    assert page.index("shop on nas") < page.index("Without a stack on nas 1 container")
    narrowed = rows.text(signed_in, "/containers/?group=stack&q=web&sort=-name")
    assert names(narrowed) == ["attic/web", "nas/web"]
    by_host = re.sub(
        r"\s+", " ", re.sub(r"<.*?>", "", rows.text(signed_in, "/containers/?group=host"))
    )
    assert "attic 1 container nas 3 containers 1 update" in " ".join(
        re.findall(r"(?:attic|nas) \d containers?(?: \d update)?", by_host)
    )


def test_a_view_keeps_the_groups_and_says_which_is_shown(signed_in: Client, fleet: Host) -> None:
    page = rows.text(signed_in, "/containers/?group=host&status=unknown")
    assert (
        'href="/containers/?status=update_available&amp;group=host">Update available <b>1' in page
    )
    assert re.findall(r'aria-current="true">(.*?) <b>', page) == ["Not checked"]


def test_a_view_is_offered_while_it_leads_to_something(signed_in: Client, fleet: Host) -> None:
    def views(query: str) -> list[tuple[str, str]]:
        page = rows.text(signed_in, f"/containers/{query}").partition("<nav")[2]
        return re.findall(r'<a href="/containers/[^"]*"[^>]*>([^<]+?) <b>(\d+)</b>', page)

    assert views("") == [("All", "3"), ("Update available", "1"), ("Not checked", "1")]
    web = Container.objects.get(host__name="nas", name="web")
    Hold.objects.create(host=web.host, container="web", reason="Holidays.")
    assert ("Held", "1") in views("")
    assert ("Unhealthy", "0") in views("?health=unhealthy")


@pytest.mark.parametrize(
    ("query", "is_open"),
    [("", False), ("status=unknown", False), ("status=pinned", True), ("q=db&stack=shop", True)],
)
def test_filters_are_unfolded_when_no_view_tells_what_they_are(
    query: str, is_open: bool, signed_in: Client, fleet: Host
) -> None:
    page = rows.text(signed_in, f"/containers/?{query}")
    assert ('<details class="more" open>' in page) is is_open


def test_an_update_is_one_press_away_where_runs_would_make_it(
    signed_in: Client, fleet: Host
) -> None:
    nas = Host.objects.get(name="nas")
    rows.container(nas, "watched", status=Status.UPDATE_AVAILABLE, monitor_only=True)
    page = rows.text(signed_in, "/containers/")
    assert f'href="/hosts/{nas.pk}/containers/web/update/"' in page
    assert page.count('aria-label="Update ') == 1


def test_an_image_tells_its_registry_apart_and_a_stack_in_the_name_is_not_said_again(
    signed_in: Client, host: Host
) -> None:
    rows.container(host, "shop-web-1", stack="shop", image="ghcr.io/acme/web:1")
    rows.container(host, "cache", stack="blog", image="library/redis:7")
    page = rows.text(signed_in, "/containers/").partition("<table")[2]
    assert '<span class="domain">ghcr.io/</span><wbr>acme/<wbr>web:<wbr>1' in page
    assert '<span class="domain"></span><wbr>library/<wbr>redis:' in page
    assert '<small class="below">blog</small>' in page
    assert '<small class="below">shop</small>' not in page


def test_a_page_stays_light_and_reads_no_secret(
    signed_in: Client, host: Host, django_assert_max_num_queries: Any
) -> None:
    for number in range(PER_PAGE + 1):
        rows.container(
            host,
            f"application-{number:03}",
            stack=f"some-stack-{number:03}",
            health="healthy",
            image=f"registry.example.com/team/application-{number:03}:1.2.3",
            status=Status.UPDATE_AVAILABLE,
            remote_digest=rows.NEW_DIGEST,
            local_digest=rows.DIGEST,
            updated_at=timezone.now(),
        )
    with django_assert_max_num_queries(15) as queries:
        page = rows.text(signed_in, "/containers/?group=stack&stack=some&sort=-answered_at")
    assert len(page.encode()) < 100_000
    assert not [one for one in queries if "tls_key" in one["sql"] or '"labels"' in one["sql"]]


def test_names_and_images_are_escaped(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", image="<script>/x", status_reason="<b>no</b>")
    page = rows.text(signed_in, "/containers/")
    assert "&lt;script&gt;/<wbr>x" in page
    assert "<b>no" not in page
