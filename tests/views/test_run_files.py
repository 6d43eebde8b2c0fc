"""A run as a file."""

import csv

from django.test import Client

from tests.views import rows
from updates.models import Host


def test_the_csv_is_a_file_with_a_row_for_each_container(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    rows.result(run, "web", reason='It said "no", twice.\nThen it went.')
    rows.result(run, "db", "failed", reason="=cmd|' /C calc'!A0")
    answer = signed_in.get(f"/runs/{run.pk}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="run-{run.pk}.csv"'
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    db, web = csv.DictReader(text.splitlines(keepends=True))
    assert (web["name"], web["reason"]) == ("web", 'It said "no", twice.\nThen it went.')
    assert db["reason"].startswith("'=cmd")


def test_the_page_leads_to_its_files(signed_in: Client, host: Host) -> None:
    run = rows.run(host)
    text = rows.text(signed_in, f"/runs/{run.pk}/")
    for ending in (".csv", ".json"):
        assert f'href="/runs/{run.pk}{ending}"' in text


def test_of_no_run_there_is_no_file(signed_in: Client) -> None:
    for address in ("/runs/9.csv", "/runs/9.json", "/runs/9/events/", "/runs/9/results/"):
        assert signed_in.get(address).status_code == 404
