"""Rows and list entries for tests that need no engine."""

from typing import Any

from updates.engine.container import ContainerSummary
from updates.flow.session import Kind, Params
from updates.models import Host, HostRun, UpdateRun


def host_run(host: Host, *, state: str = "running", kind: Kind = Kind.UPDATE) -> HostRun:
    """One of a run of its own."""
    run = UpdateRun.objects.create(
        kind=kind, trigger=UpdateRun.Trigger.PAGE, params=Params(kind=kind).to_json()
    )
    return HostRun.objects.create(run=run, host=host, state=state)


def listed(name: str, container_id: str = "", **facts: Any) -> ContainerSummary:
    """A container as an engine lists it."""
    own = {"image": "ghcr.io/a/b:1", "image_id": "sha256:old", "state": "running"}
    return ContainerSummary(id=container_id or f"id-of-{name}", name=name, **own | facts)
