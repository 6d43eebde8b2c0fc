"""Rows for the pages to show."""

from hashlib import sha256
from typing import Any

from django.test import Client
from django.utils import timezone

from updates.flow.session import Kind, Params
from updates.models import Container, ContainerResult, Host, HostRun, RunEvent, UpdateRun
from updates.models.run import RunState

DIGEST = "sha256:" + "1f" * 32
NEW_DIGEST = "sha256:" + "2e" * 32


def container(host: Host, name: str, **facts: Any) -> Container:
    """An up-to-date one, but for `facts`."""
    defaults: dict[str, Any] = {
        "container_id": sha256(name.encode()).hexdigest(),
        "image": f"registry.example.com/{name}:1",
        "image_id": DIGEST,
        "state": "running",
        "status": Container.Status.UP_TO_DATE,
        "checked_at": timezone.now(),
        "answered_at": timezone.now(),
    }
    return Container.objects.create(host=host, name=name, **defaults | facts)


def run(
    host: Host, state: RunState = RunState.FINISHED, kind: Kind = Kind.UPDATE, **facts: Any
) -> UpdateRun:
    """A run with its part on one host, both in this state."""
    now = timezone.now()
    ended = None if state in (RunState.QUEUED, RunState.RUNNING) else now
    made = UpdateRun.objects.create(
        kind=kind,
        state=state,
        params=Params(kind=kind).to_json(),
        created_at=now,
        started_at=now,
        finished_at=ended,
        **{"trigger": UpdateRun.Trigger.PAGE} | facts,
    )
    HostRun.objects.create(run=made, host=host, state=state, started_at=now, finished_at=ended)
    return made


def result(of: UpdateRun, name: str, state: str = "updated", **facts: Any) -> ContainerResult:
    """What became of a container in the run; "" is being worked on."""
    return ContainerResult.objects.create(
        host_run=of.host_runs.get(),
        container_id=sha256(name.encode()).hexdigest(),
        name=name,
        image=f"registry.example.com/{name}:1",
        state=state,
        old_digest=DIGEST,
        new_digest=NEW_DIGEST,
        **facts,
    )


def event(of: UpdateRun, message: str, container: str = "") -> RunEvent:
    return RunEvent.objects.create(
        host_run=of.host_runs.get(), container=container, message=message
    )


def text(client: Client, address: str, **headers: str) -> str:
    """The page, which must be there."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return str(answer.text)
