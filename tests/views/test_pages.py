"""Every page, empty and full; lists cost the same number of queries however long they are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.views.fleet import add_containers, add_run
from updates.models import Container, Host

LISTS = ["/", "/overview/", "/containers/", "/runs/", "/hosts/1/"]


@pytest.fixture
def nas(db: None) -> Host:
    return Host.objects.create(pk=1, name="nas", url="unix:///nowhere.sock")


@pytest.mark.parametrize("path", ["/", "/containers/", "/runs/"])
def test_an_empty_installation_says_what_to_do(signed_in: Client, path: str) -> None:
    answer = signed_in.get(path)
    assert answer.status_code == 200
    assert "empty" in answer.text


@pytest.mark.parametrize("path", LISTS)
def test_ten_more_rows_cost_no_more_queries(signed_in: Client, nas: Host, path: str) -> None:
    add_containers(nas, 2)
    add_run(nas)
    signed_in.get(path)  # Sessions and content types are looked up once.
    with CaptureQueriesContext(connection) as few:
        assert signed_in.get(path).status_code == 200
    add_containers(nas, 10, start=2)
    for _ in range(10):
        add_run(nas)
    with CaptureQueriesContext(connection) as many:
        assert signed_in.get(path).status_code == 200
    assert len(many) <= len(few)


def test_a_run_with_ten_more_results_costs_no_more_queries(signed_in: Client, nas: Host) -> None:
    run = add_run(nas)
    signed_in.get(f"/runs/{run.pk}/")
    with CaptureQueriesContext(connection) as few:
        signed_in.get(f"/runs/{run.pk}/")
    part = run.host_runs.get()
    for number in range(10):
        part.results.create(container_id=str(number), name=f"n{number}", image="i", state="fresh")
        part.events.create(message="one more")
    with CaptureQueriesContext(connection) as many:
        answer = signed_in.get(f"/runs/{run.pk}/")
    assert "n9" in answer.text
    assert len(many) <= len(few)


def test_containers_are_searched_by_name_image_and_stack(signed_in: Client, nas: Host) -> None:
    add_containers(nas, 3)
    add_containers(nas, 1, start=9, stack="blog")
    assert signed_in.get("/containers/?q=app-1").text.count('name="container"') == 1
    assert signed_in.get("/containers/?q=registry.test app-2").text.count('name="container"') == 1
    assert signed_in.get("/containers/?stack=blog").text.count('name="container"') == 1


def test_containers_are_filtered_by_status_and_sorted_by_name(signed_in: Client, nas: Host) -> None:
    add_containers(nas, 2)
    add_containers(nas, 1, start=5, status=Container.Status.UP_TO_DATE)
    waiting = signed_in.get("/containers/?status=update_available&sort=-name").text
    assert "app-5" not in waiting
    assert waiting.index("app-1") < waiting.index("app-0")


def test_fifty_containers_fit_on_a_page(signed_in: Client, nas: Host) -> None:
    add_containers(nas, 51)
    assert "Page 1 of 2" in signed_in.get("/containers/").text
    assert signed_in.get("/containers/?page=2").text.count('name="container"') == 1


def test_an_unknown_container_shows_why(signed_in: Client, nas: Host) -> None:
    add_containers(nas, 1, status="unknown", status_reason="registry.test refused the password.")
    page = signed_in.get("/containers/").text
    assert "refused the password" in page
    assert "Unknown" in page


def test_a_host_that_is_away_says_so(signed_in: Client, nas: Host) -> None:
    nas.mark_failed("The engine cannot be reached.")
    for path in ("/", "/hosts/1/"):
        assert "The engine cannot be reached." in signed_in.get(path).text


def test_what_is_not_there_is_a_404(signed_in: Client) -> None:
    for path in ("/hosts/77/", "/runs/77/", "/runs/77/live/", "/runs/77.json"):
        assert signed_in.get(path).status_code == 404, path
