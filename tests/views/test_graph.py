"""The dependencies on a host's page: drawn, and in words."""

import re

import pytest
from django.test import Client

from tests.views import rows
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.ties import Ties
from updates.models import Container, Host

NEEDS = "watchweb.depends-on"
KNOWN = Ties().to_json()


def page(client: Client, host: Host) -> str:
    """The dependencies' section, with single spaces."""
    text = rows.text(client, f"/hosts/{host.pk}/")
    return " ".join(text.partition('id="order"')[2].partition("</section>")[0].split())


def sentences(client: Client, host: Host) -> list[str]:
    """ "web depends on db: label" of each item of the list in words."""
    items = re.findall(r"<li><span>(.*?)</span> <small>(.*?)</small></li>", page(client, host))
    return [f"{re.sub('<.*?>', '', who)}: {why}" for who, why in items]


def test_each_dependency_is_drawn_and_told_in_words(signed_in: Client, host: Host) -> None:
    rows.container(host, "db", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "web", labels={NEEDS: "db"})
    shown = page(signed_in, host)
    assert shown.count('<a class="box') == 2
    assert shown.count('<g class="line soft"><title>') == 1
    assert "<title>web depends on db: label</title>" in shown
    assert sentences(signed_in, host) == ["web depends on db: label"]


@pytest.mark.parametrize(
    ("facts", "why", "is_firm"),
    [
        ({"labels": {NEEDS: "db"}}, "label", False),
        ({"network_mode": "container:db"}, "shares its network", True),
        ({"ties": Ties(ipc="container:db")}, "shares its memory (ipc)", True),
        ({"ties": Ties(pid="container:db")}, "shares its processes (pid)", True),
        ({"ties": Ties(volumes_from=("db:ro",))}, "uses its volumes", True),
        ({"ties": Ties(links=("/db:/web/x",))}, "link", False),
        (
            {"labels": {COMPOSE_PROJECT: "s", COMPOSE_DEPENDS_ON: "data:x:false"}},
            "compose",
            False,
        ),
        (
            {"labels": {COMPOSE_PROJECT: "s", COMPOSE_DEPENDS_ON: "data:x:true", NEEDS: "db"}},
            "label, compose, restarts with it",
            False,
        ),
        (
            {"labels": {NEEDS: "db"}, "network_mode": "container:db"},
            "label, shares its network",
            True,
        ),
    ],
)
def test_every_source_has_its_words_and_its_line(
    facts: dict[str, object], why: str, is_firm: bool, signed_in: Client, host: Host
) -> None:
    ties = facts.get("ties")
    plain = facts | ({"ties": ties.to_json()} if isinstance(ties, Ties) else {})
    rows.container(host, "db", labels={COMPOSE_PROJECT: "s", COMPOSE_SERVICE: "data"})
    rows.container(host, "web", **plain)
    assert sentences(signed_in, host) == [f"web depends on db: {why}"]
    assert f'<g class="line {"firm" if is_firm else "soft"}"><title>' in page(signed_in, host)


def test_a_box_has_its_states_colour_and_words_and_leads_to_its_page(
    signed_in: Client, host: Host
) -> None:
    rows.container(host, "db", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "web", labels={NEEDS: "db"})
    shown = page(signed_in, host)
    base = f"/hosts/{host.pk}/containers"
    assert f'<a class="box news" href="{base}/db/"' in shown
    assert f'<a class="box good" href="{base}/web/"' in shown
    assert ">Update available</text>" in shown
    assert "<title>db: Update available</title>" in shown
    assert f'<a href="{base}/db/">db</a>' in shown  # in the words


def test_the_picture_is_named_for_those_who_do_not_see_it(signed_in: Client, host: Host) -> None:
    for number in range(2):
        rows.container(host, f"db-{number}")
        rows.container(host, f"web-{number}", labels={NEEDS: f"db-{number}"})
    shown = page(signed_in, host)
    names = re.findall(r'role="group" aria-labelledby="([\w-]+)"', shown)
    assert len(names) == len(set(names)) == 2
    for name in names:
        assert f'<title id="{name}">1 dependency among 2 containers' in shown


def test_only_containers_that_depend_on_something_are_drawn(signed_in: Client, host: Host) -> None:
    rows.container(host, "db")
    rows.container(host, "web", labels={NEEDS: "db"})
    rows.container(host, "alone", labels={NEEDS: "nobody"})
    assert ">alone<" not in page(signed_in, host)


def test_without_dependencies_the_page_says_so(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", ties=KNOWN)
    shown = page(signed_in, host)
    assert "No container here depends on another." in shown
    assert "<svg" not in shown
    assert "asked" not in shown


def test_what_is_not_known_yet_is_told(signed_in: Client, host: Host) -> None:
    rows.container(host, "known", ties=KNOWN)
    rows.container(host, "a")
    assert "No container here depends on another, as far as is known." in page(signed_in, host)
    assert "1 container was not asked yet" in page(signed_in, host)
    rows.container(host, "b")
    assert "2 containers were not asked yet" in page(signed_in, host)


def test_a_circle_is_marked_and_told(signed_in: Client, host: Host) -> None:
    rows.container(host, "a", labels={NEEDS: "b"})
    rows.container(host, "b", labels={NEEDS: "a"})
    rows.container(host, "behind", labels={NEEDS: "b"})
    shown = page(signed_in, host)
    assert "depend on each other in a circle: a, b." in shown
    assert shown.count('<g class="line soft circle"><title>') == 2
    assert shown.count('<a class="box good circle"') == 2


def test_without_a_circle_none_is_spoken_of(signed_in: Client, host: Host) -> None:
    rows.container(host, "db")
    rows.container(host, "web", labels={NEEDS: "db"})
    assert "circle" not in page(signed_in, host)


def test_another_hosts_containers_are_not_in_it(signed_in: Client, host: Host) -> None:
    other = Host.objects.create(name="other", url="unix:///x.sock")
    rows.container(other, "db", ties=KNOWN)
    rows.container(host, "web", labels={NEEDS: "db"}, ties=KNOWN)
    assert "No container here depends on another." in page(signed_in, host)


def test_a_host_that_was_never_scanned_has_no_graph(signed_in: Client, host: Host) -> None:
    assert page(signed_in, host) == ""


def test_a_name_is_never_markup(signed_in: Client, host: Host) -> None:
    rows.container(host, "<b>db", labels={COMPOSE_PROJECT: "s", COMPOSE_SERVICE: "db"})
    rows.container(host, "web", labels={COMPOSE_PROJECT: "s", COMPOSE_DEPENDS_ON: "db"})
    assert "<b>" not in page(signed_in, host)


def test_ids_that_are_written_short_find_their_container(signed_in: Client, host: Host) -> None:
    db = rows.container(host, "db")
    mode = f"container:{db.container_id[:12]}"
    rows.container(host, "web", network_mode=mode)
    assert sentences(signed_in, host) == ["web depends on db: shares its network"]
