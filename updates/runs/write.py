"""A run written down: who asked for what, and a part for each host."""

from collections.abc import Collection

from django.contrib.auth.models import User

from updates.flow.session import Params
from updates.models import ApiToken, Host, HostRun, UpdateRun


def write_run(
    hosts: Collection[Host],
    params: Params,
    *,
    source: UpdateRun.Trigger,
    user: User | None = None,
    api_token: ApiToken | None = None,
) -> tuple[UpdateRun, list[HostRun]]:
    """The rows; the caller queues or executes the host runs, within its transaction."""
    run = UpdateRun.objects.create(
        kind=params.kind,
        trigger=source,
        user=user,
        api_token=api_token,
        params=params.to_json(),
    )
    return run, [HostRun.objects.create(run=run, host=host) for host in hosts]
