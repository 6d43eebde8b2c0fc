"""A host run from claim to end; whatever happens in between, it ends, and says how."""

from collections.abc import Iterator

import pytest
from django_q.models import OrmQ

from tests.fakes.engine_server import EngineServer, Handler
from tests.runs.rows import host_run
from updates.flow.session import Kind
from updates.models import Container, Host, HostRun, UpdateRun
from updates.models.run import RunState
from updates.runs.execute import execute_host_run
from updates.runs.guard import FAULT
from updates.tasks import run_host

pytestmark = pytest.mark.django_db(transaction=True)
LOCAL = {"Id": "a" * 64, "Names": ["/notes"], "Image": "notes:7", "ImageID": "sha256:n"}
IMAGE = {"Id": "sha256:n", "RepoTags": ["notes:7"], "RepoDigests": [], "Size": 1}


def listing(request: Handler) -> None:
    request.send_json([LOCAL | {"State": "running", "Status": "Up 1 second"}])


@pytest.fixture
def engine() -> Iterator[EngineServer]:
    """An engine with one container, of an image made there."""
    answers = {
        ("GET", "/containers/json"): listing,
        ("GET", "/images/json"): lambda request: request.send_json([IMAGE]),
    }
    with EngineServer(answers=answers) as server:
        yield server


@pytest.fixture
def alive(engine: EngineServer, transactional_db: None) -> Host:
    return Host.objects.create(name="alive", url=engine.url, last_error="It was away.")


def test_a_host_run_ends_and_with_it_its_run(alive: Host) -> None:
    part = host_run(alive, state="queued", kind=Kind.SCAN)

    assert execute_host_run(part.pk)

    part.refresh_from_db()
    assert (part.state, part.error, part.engine_calls) == ("finished", "", 4)
    run = UpdateRun.objects.get()
    assert run.state == "finished"
    assert run.started_at
    assert run.finished_at
    alive.refresh_from_db()
    assert (alive.last_error, alive.engine_version) == ("", "99.0")
    assert alive.last_seen_at
    assert Container.objects.get().status == "local"


def test_an_engine_that_is_known_costs_two_calls(alive: Host, engine: EngineServer) -> None:
    first = host_run(alive, state="queued", kind=Kind.SCAN)
    second = host_run(alive, state="queued", kind=Kind.SCAN)
    execute_host_run(first.pk)

    execute_host_run(second.pk)

    second.refresh_from_db()
    assert (second.state, second.engine_calls) == ("finished", 2)
    alive.refresh_from_db()
    assert alive.known_engine()
    alive.url = "tcp://10.0.0.9:2376"
    assert alive.known_engine() is None, "another address is another engine"


def test_an_unreachable_host_fails_and_its_row_says_why(host: Host) -> None:
    part = host_run(host, state="queued")

    assert execute_host_run(part.pk)

    part.refresh_from_db()
    assert part.state == "failed"
    assert "there is no such socket" in part.error
    host.refresh_from_db()
    assert host.last_error == part.error
    assert UpdateRun.objects.get().state == "failed"


def test_a_fault_of_ours_ends_the_run_and_is_logged(
    alive: Host, caplog: pytest.LogCaptureFixture
) -> None:
    part = host_run(alive, state="queued")
    UpdateRun.objects.update(params={"kind": "no such kind"})

    execute_host_run(part.pk)

    part.refresh_from_db()
    assert (part.state, part.error) == ("failed", FAULT)
    assert "no such kind" not in part.error
    (record,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert record.exc_info
    assert UpdateRun.objects.get().state == "failed"


def test_a_task_delivered_twice_works_once(alive: Host, engine: EngineServer) -> None:
    part = host_run(alive, state="queued", kind=Kind.SCAN)

    run_host.call(part.pk)
    run_host.call(part.pk)

    lists = [path for path in engine.paths() if "/containers/json" in path]
    assert len(lists) == 1
    assert HostRun.objects.get().state == "finished"


def test_a_host_that_is_busy_is_not_touched(alive: Host, engine: EngineServer) -> None:
    host_run(alive, state="running")
    part = host_run(alive, state="queued")

    assert not execute_host_run(part.pk)

    assert not engine.seen
    part.refresh_from_db()
    assert part.state == "queued"


def test_the_host_run_that_waited_is_queued_when_its_host_is_free(alive: Host) -> None:
    first = host_run(alive, state="queued", kind=Kind.SCAN)
    second = host_run(alive, state="queued", kind=Kind.SCAN)

    run_host.call(first.pk)

    assert OrmQ.objects.get().task["args"] == ("updates.tasks.run_host", second.pk)


def test_a_host_run_that_was_stopped_meanwhile_stays_stopped(host: Host) -> None:
    def stop(request: Handler) -> None:
        HostRun.objects.end(part.pk, RunState.INTERRUPTED, error="Stopped by Ctrl-C.")
        listing(request)

    with EngineServer(answers={("GET", "/containers/json"): stop}) as server:
        host.url = server.url
        host.save()
        part = host_run(host, state="queued")
        execute_host_run(part.pk)

    part.refresh_from_db()
    assert (part.state, part.error) == ("interrupted", "Stopped by Ctrl-C.")


def test_a_task_that_finds_its_host_busy_does_not_queue_itself_again(alive: Host) -> None:
    """It would be delivered again at once, for as long as the other one works."""
    host_run(alive, state="running")
    part = host_run(alive, state="queued")

    run_host.call(part.pk)

    assert not OrmQ.objects.exists()
    part.refresh_from_db()
    assert part.state == "queued"
