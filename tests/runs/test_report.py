"""The document of `--json`: scripts rely on each key."""

import json

from tests.runs.rows import host_run
from updates.models import ContainerResult, Host, HostRun, UpdateRun
from updates.models.run import RunState
from updates.runs.report import has_trouble, report

RUN = ["run", "state", "trigger", "started_at", "finished_at", "seconds", "counts"]
RUN += ["freed_bytes", "hosts"]
COUNTS = ["scanned", "fresh", "stale", "updated", "restarted", "rolled_back", "failed", "skipped"]
CONTAINER = [
    *("host", "name", "id", "new_id", "image", "state", "reason"),
    *("old_image_id", "new_image_id", "old_digest", "new_digest", "seconds"),
    *("old_version", "new_version", "settings", "log"),
]


def finished(host: Host, *states: str) -> UpdateRun:
    """A run in which each state happened to one container."""
    part = host_run(host, state="queued")
    UpdateRun.objects.start(part.run_id)
    for number, state in enumerate(states):
        ContainerResult.objects.create(
            host_run=part, container_id=str(number), name=f"c{number}", image="a", state=state
        )
    HostRun.objects.end(part.pk, RunState.FINISHED)
    UpdateRun.objects.finish(part.run_id)
    return UpdateRun.objects.get(pk=part.run_id)


def test_the_document_has_exactly_the_promised_keys(host: Host) -> None:
    document = json.loads(json.dumps(report(finished(host, "updated"))))

    assert sorted(document) == sorted([*RUN, "containers"])
    assert sorted(document["counts"]) == sorted(COUNTS)
    assert [sorted(one) for one in document["hosts"]] == [["error", "host", "state"]]
    assert sorted(document["containers"][0]) == sorted(CONTAINER)
    assert isinstance(document["seconds"], float)
    assert document["finished_at"] >= document["started_at"]


def test_the_counts_add_up(host: Host) -> None:
    run = finished(host, "fresh", "stale", "updated", "updated", "skipped", "failed", "rolled_back")

    assert report(run)["counts"] == {
        "scanned": 6,
        "fresh": 1,
        "stale": 1,
        "updated": 2,
        "restarted": 0,
        "rolled_back": 1,
        "failed": 1,
        "skipped": 1,
    }


def test_trouble_is_a_failure_or_a_roll_back_or_a_host_that_failed(host: Host) -> None:
    assert not has_trouble(finished(host, "fresh", "stale", "updated", "restarted", "skipped"))
    assert has_trouble(finished(host, "fresh", "failed"))
    assert has_trouble(finished(host, "rolled_back"))
    run = finished(host, "fresh")
    HostRun.objects.filter(run=run).update(state="failed")
    assert has_trouble(run)


def test_a_run_on_many_hosts_ends_with_the_last_and_in_the_worst_state(host: Host) -> None:
    run = finished(host)
    UpdateRun.objects.filter(pk=run.pk).update(state="running", finished_at=None)
    other = Host.objects.create(name="other", url="unix:///other.sock")
    late = HostRun.objects.create(run=run, host=other, state="running")
    assert not UpdateRun.objects.finish(run.pk), "one is at work still"

    HostRun.objects.end(late.pk, RunState.FAILED, error="The engine cannot be reached.")

    assert UpdateRun.objects.finish(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert {part["error"] for part in report(run)["hosts"]} == {"", "The engine cannot be reached."}
