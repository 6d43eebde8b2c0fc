"""The list of containers as a file: what the filters show, and nothing that a spreadsheet runs."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.views import rows
from updates.models import Hold, Host


def whole(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    assert answer.streaming
    return str(answer.getvalue().decode())


def test_the_file_has_what_the_filters_show_in_the_order_of_its_groups(
    signed_in: Client, host: Host
) -> None:
    now = timezone.now()
    rows.container(host, "web", stack="shop", version="1.0", updated_at=now)
    rows.container(host, "db", stack="blog", monitor_only=True)
    rows.container(host, "job")
    Hold.objects.create(host=host, container="db", reason="No.")
    found = list(csv.DictReader(StringIO(whole(signed_in, "/containers.csv?group=stack"))))
    assert [one["name"] for one in found] == ["db", "web", "job"]
    assert found[0]["policy"] == "held monitor_only"
    assert (found[1]["host"], found[1]["version"]) == ("nas", "1.0")
    assert found[1]["updated_at"] == now.isoformat()
    [web] = json.loads(whole(signed_in, "/containers.json?q=web"))
    assert (web["stack"], web["policy"], web["held_until"]) == ("shop", ["automatic"], None)
    assert json.loads(whole(signed_in, "/containers.json?q=zzz")) == []


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_begins_as_a_formula_does(formula: str, signed_in: Client, host: Host) -> None:
    rows.container(host, "web", version=formula, status_reason=formula)
    [found] = csv.DictReader(StringIO(whole(signed_in, "/containers.csv"), newline=""))
    assert (found["version"], found["status_reason"]) == (f"'{formula}", f"'{formula}")


def test_the_file_is_told_to_be_kept_under_a_name(signed_in: Client, host: Host) -> None:
    answer = signed_in.get("/containers.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="containers.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("address", ["/containers.csv", "/containers.json?group=stack"])
def test_ten_hosts_more_cost_no_more_queries(address: str, signed_in: Client, host: Host) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            whole(signed_in, address)
        return len(captured)

    rows.container(host, "web")
    before = queries()
    for number in range(10):
        other = Host.objects.create(name=f"host-{number}", url="unix:///x.sock")
        rows.container(other, "web", stack=f"stack-{number}")
    assert queries() == before
