"""The inventory in Watchtower's words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.views import rows
from tests.watchtower_api.conftest import Ask
from updates.models import Container, Host, Policy

WATCHTOWER = "com.centurylinklabs.watchtower"


@pytest.fixture
def other(db: None) -> Host:
    return Host.objects.create(name="pi", url="unix:///pi.sock")


def names(ask: Ask, address: str) -> list[str]:
    facts = ask("GET", address).json()
    found = [one["name"] for one in facts.get("containers", facts.get("images"))]
    assert facts["count"] == len(found)
    return found


def test_a_container_is_told_by_its_image_and_host(ask: Ask, host: Host) -> None:
    rows.container(host, "web", local_digest=rows.NEW_DIGEST)
    [web] = ask("GET", "/v1/containers").json()["containers"]
    assert web == {
        "name": "web",
        "image": "registry.example.com/web:1",
        "image_id": rows.DIGEST,
        "digest": rows.NEW_DIGEST,
        "host": "nas",
    }


def test_lists_are_narrowed_by_name_image_and_host(ask: Ask, host: Host, other: Host) -> None:
    for place in (host, other):
        rows.container(place, "web")
        rows.container(place, "db")
    assert names(ask, "/v1/containers?name=web") == ["web", "web"]
    assert names(ask, "/v1/containers?name=/web&host=pi") == ["web"]
    assert names(ask, "/v1/containers?image=registry.example.com/db:1&host=nas,pi") == ["db", "db"]
    assert names(ask, "/v1/containers?name=we") == []
    assert ask("GET", "/v1/containers?host=moon").status_code == 400


def test_what_runs_leave_out_and_what_is_on_a_host_that_is_off_is_not_watched(
    ask: Ask, host: Host, other: Host
) -> None:
    rows.container(host, "off", status=Container.Status.EXCLUDED)
    rows.container(other, "away")
    Host.objects.filter(pk=other.pk).update(enabled=False)
    assert names(ask, "/v1/containers") == []


def test_details_tell_what_counts_for_each(ask: Ask, host: Host) -> None:
    labels = {
        f"{WATCHTOWER}.monitor-only": "true",
        f"{WATCHTOWER}.scope": "prod",
        WATCHTOWER: "true",
    }
    rows.container(host, "a", labels=labels, state="exited")
    rows.container(host, "b", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "c")
    Policy(host=host, container="c", values={"no_pull": True}).save()
    facts = ask("GET", "/v1/containers/details").json()["containers"]
    flags = ("running", "watchtower", "monitor_only", "no_pull", "enabled", "stale", "scope")
    assert [[one[flag] for flag in flags] for one in facts] == [
        [False, True, True, False, True, False, "prod"],
        [True, False, False, False, True, True, ""],
        [True, False, False, True, True, False, ""],
    ]


def test_settings_of_hosts_and_of_everything_count_in_details(
    ask: Ask, host: Host, other: Host
) -> None:
    rows.container(host, "web")
    rows.container(other, "web")
    Policy(values={"monitor_only": True}).save()
    Policy(host=host, values={"monitor_only": False}).save()
    facts = ask("GET", "/v1/containers/details").json()["containers"]
    assert {one["host"]: one["monitor_only"] for one in facts} == {"nas": False, "pi": True}


def test_images_are_counted_over_all_hosts(ask: Ask, host: Host, other: Host) -> None:
    for place in (host, other):
        rows.container(place, "web", image="shop/web:1", local_digest=rows.DIGEST)
    rows.container(host, "old", image="shop/web:1", image_id=rows.NEW_DIGEST)
    facts = ask("GET", "/v1/images").json()
    assert facts["count"] == 2
    assert {(one["image_id"], one["containers"]) for one in facts["images"]} == {
        (rows.DIGEST, 2),
        (rows.NEW_DIGEST, 1),
    }
    assert names(ask, f"/v1/images?id={rows.NEW_DIGEST}") == ["shop/web:1"]
    assert names(ask, "/v1/images?name=shop/web") == []


def more_containers(host: Host, number: int) -> None:
    rows.container(host, f"app-{number}")


def more_hosts(host: Host, number: int) -> None:
    place = Host.objects.create(name=f"host-{number}", url="unix:///x.sock")
    rows.container(place, "app")
    Policy(host=place, values={"cleanup": True}).save()


def more_runs(host: Host, number: int) -> None:
    rows.result(rows.run(host), "app")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("containers", more_containers),
        ("containers", more_hosts),
        ("containers/details", more_containers),
        ("containers/details", more_hosts),
        ("images", more_containers),
        ("history", more_runs),
        ("status", more_runs),
    ],
)
def test_ten_more_rows_cost_no_more_queries(
    path: str, more: Callable[[Host, int], None], ask: Ask, host: Host
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask("GET", f"/v1/{path}").status_code == 200
        return len(captured)

    more(host, 0)
    queries()  # The token's first use is noted.
    before = queries()
    for number in range(1, 11):
        more(host, number)
    assert queries() == before


def test_the_configuration_is_what_counts_everywhere(ask: Ask, db: None) -> None:
    Policy(values={"cleanup": True, "scope": "prod", "label_enable": True}).save()
    config: dict[str, Any] = ask("GET", "/v1/config").json()["config"]
    assert (config["cleanup"], config["scope"], config["label_enable"]) == (True, "prod", True)
    assert config["filter_desc"] == "Only checking containers using enable label"
