"""Rows to fill the pages with."""

from updates.flow.session import Kind, Params
from updates.models import Container, ContainerResult, Host, HostRun, RunEvent, UpdateRun


def add_containers(host: Host, count: int, *, start: int = 0, **facts: str) -> list[Container]:
    """Containers named app-<n>, of which each has an update unless told otherwise."""
    return [
        Container.objects.create(
            host=host,
            name=f"app-{number}",
            container_id=f"{number:064x}",
            image=f"registry.test/app-{number}:1",
            image_id=f"sha256:{number:064x}",
            state="running",
            **{"status": Container.Status.UPDATE_AVAILABLE, "stack": "shop"} | facts,
        )
        for number in range(start, start + count)
    ]


def add_run(host: Host, *, state: str = "finished", kind: Kind = Kind.UPDATE) -> UpdateRun:
    """A run on one host with one result and one event."""
    run = UpdateRun.objects.create(
        kind=kind, state=state, trigger=UpdateRun.Trigger.PAGE, params=Params(kind=kind).to_json()
    )
    # Only one host run of a host may be running.
    part = HostRun.objects.create(run=run, host=host, state=state)
    ContainerResult.objects.create(
        host_run=part, container_id="c" * 64, name="web", image="web:1", state="updated"
    )
    RunEvent.objects.create(host_run=part, container="web", message="Updated.")
    return run
