"""Rows for the pages to show."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.test import Client
from django.utils import timezone

from updates.flow.session import Kind, Params
from updates.models import (
    Container,
    ContainerResult,
    Host,
    HostRun,
    Registry,
    RegistryToken,
    RemoteDigest,
    RunEvent,
    UpdateRun,
)
from updates.models.registry_state import RegistryState
from updates.models.run import RunState

DIGEST = "sha256:" + "1f" * 32
NEW_DIGEST = "sha256:" + "2e" * 32
SECRET_TOKEN = "t0k3n-value"


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
        created_at=now,
        started_at=now,
        finished_at=ended,
        **{"trigger": UpdateRun.Trigger.PAGE, "params": Params(kind=kind).to_json()} | facts,
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


def registry(domain: str = "registry.example.com", **facts: Any) -> Registry:
    """One that was never asked, but for `facts`, which may be learned ones too."""
    learned = {field.name for field in RegistryState._meta.fields} & facts.keys()
    row = Registry.objects.create(
        domain=domain, **{name: facts[name] for name in facts.keys() - learned}
    )
    if learned:
        # Saving drops what was learned with other credentials.
        Registry.objects.filter(pk=row.pk).update(**{name: facts[name] for name in learned})
        row.refresh_from_db()
    return row


def answer(reference: str, **facts: Any) -> RemoteDigest:
    """A good one from just now, but for `facts`."""
    now = timezone.now()
    defaults: dict[str, Any] = {
        "digest": DIGEST,
        "checked_at": now,
        "answered_at": now,
        "due_at": now + timedelta(minutes=5),
    }
    return RemoteDigest.objects.create(reference=reference, **defaults | facts)


def token(registry: str = "registry.example.com", scope: str = "", **facts: Any) -> RegistryToken:
    """One that lasts for five minutes, but for `facts`."""
    now = timezone.now()
    defaults: dict[str, Any] = {
        "realm": "https://tokens.example.com/token",
        "service": "example-service",
        "value": SECRET_TOKEN,
        "fetched_at": now,
        "expires_at": now + timedelta(minutes=5),
    }
    return RegistryToken.objects.create(registry=registry, scope=scope, **defaults | facts)


def text(client: Client, address: str, **headers: str) -> str:
    """The page, which must be there."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return str(answer.text)
