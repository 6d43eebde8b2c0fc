"""The command palette finds pages, containers, hosts, registries, schedules and runs."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.views import rows
from updates.models import Container, Host, Schedule
from updates.views.places import PLACES


def found(client: Client, wanted: str) -> list[str]:
    """The labels, in order."""
    answer = client.get("/jump/", {"q": wanted}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return [one.label for one in answer.context["found"]]


def test_nothing_typed_offers_the_pages(signed_in: Client) -> None:
    assert found(signed_in, "") == [place.label for place in PLACES if not place.right]


def test_containers_are_found_by_name_image_and_stack(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", image="registry.example.com/nginx:1", stack="shop")
    rows.container(host, "old-web")
    assert found(signed_in, "web") == ["web", "old-web"], "what begins so comes first"
    assert found(signed_in, "NGINX") == ["web"]
    assert found(signed_in, "shop") == ["shop", "web"], "the stack itself comes first"


def test_an_update_is_offered_beside_its_container(
    signed_in: Client, clerk: Callable[..., Client], host: Host
) -> None:
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE)
    assert found(signed_in, "web") == ["web", "Update web"]
    assert found(clerk(), "web") == ["web"]


def test_hosts_and_runs_are_found(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    assert found(signed_in, "na") == ["nas"]
    assert found(signed_in, f"#{run.pk}") == [str(run)]


def test_what_one_may_not_see_is_not_found(
    signed_in: Client, admin_client: Client, host: Host
) -> None:
    rows.registry("ghcr.example.com")
    Schedule.objects.create(name="ghcr nightly", when="@daily")
    assert found(signed_in, "ghcr") == []
    assert found(admin_client, "ghcr") == ["ghcr.example.com", "ghcr nightly"]


@pytest.mark.parametrize("odd", ["\0", "%", "'\"<script>", "9" * 50, "x" * 5000, "٣"])
def test_odd_words_find_nothing_and_break_nothing(signed_in: Client, host: Host, odd: str) -> None:
    rows.container(host, "web")
    answer = signed_in.get("/jump/", {"q": odd})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().partition("</head>")[2].replace("<script>", "")


def test_it_is_a_page_of_its_own_without_scripts(signed_in: Client, host: Host) -> None:
    page = rows.text(signed_in, "/jump/?q=nas")
    assert "<h1>Jump to</h1>" in page
    assert host.get_absolute_url() in page
