"""The run's page: it asks for itself again while the run is open, and for nothing when it is over."""

from django.test import Client

from tests.views.fleet import add_run
from updates.models import Host, RunEvent


def test_an_open_run_asks_for_itself_again(signed_in: Client, host: Host) -> None:
    run = add_run(host, state="running")
    assert f'hx-get="/runs/{run.pk}/live/"' in signed_in.get(f"/runs/{run.pk}/").text


def test_a_finished_run_ends_the_polling(signed_in: Client, host: Host) -> None:
    run = add_run(host)
    for path in (f"/runs/{run.pk}/", f"/runs/{run.pk}/live/"):
        assert "hx-get" not in signed_in.get(path).text


def test_the_live_part_is_a_fragment(signed_in: Client, host: Host) -> None:
    run = add_run(host, state="running")
    text = signed_in.get(f"/runs/{run.pk}/live/").text
    assert "<html" not in text
    assert 'id="run"' in text


def test_nothing_new_is_a_304_until_something_moves(signed_in: Client, host: Host) -> None:
    run = add_run(host, state="running")
    path = f"/runs/{run.pk}/live/"
    etag = signed_in.get(path).headers["ETag"]
    assert signed_in.get(path, headers={"If-None-Match": etag}).status_code == 304
    RunEvent.objects.create(host_run=run.host_runs.get(), message="Pulling")
    assert signed_in.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_pull_progress_changes_the_etag(signed_in: Client, host: Host) -> None:
    run = add_run(host, state="running")
    path = f"/runs/{run.pk}/live/"
    etag = signed_in.get(path).headers["ETag"]
    run.host_runs.get().results.update(pulled_bytes=5, total_bytes=10)
    assert signed_in.get(path).headers["ETag"] != etag


def test_the_json_is_the_commands_report(signed_in: Client, host: Host) -> None:
    run = add_run(host)
    document = signed_in.get(f"/runs/{run.pk}.json").json()
    assert document["run"] == run.pk
    assert document["counts"]["updated"] == 1
    assert document["containers"][0]["name"] == "web"
