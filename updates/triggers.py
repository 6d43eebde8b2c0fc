"""The one way to start a run: page, API, command, schedule and webhook all call it."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from updates.flow.session import Params
from updates.models import Host, UpdateRun
from updates.runs.write import write_run
from updates.tasks import enqueue_host_run


class NothingToDo(Exception):
    """No enabled host takes part; the message says what to do."""


def trigger_run(
    hosts: Collection[Host],
    params: Params,
    *,
    source: UpdateRun.Trigger,
    user: User | None = None,
    in_background: bool = True,
) -> UpdateRun:
    """Write down a run with a host run per host, and queue their tasks.

    All in one transaction: with the ORM broker the tasks commit or roll back with the rows. With
    `in_background` False no task is queued: the caller executes the host runs.
    Raises NothingToDo.
    """
    chosen = [host for host in hosts if host.enabled]
    if not chosen:
        raise NothingToDo("There is no enabled host. Add one with: manage.py addhost NAME URL")
    with transaction.atomic():
        run, host_runs = write_run(chosen, params, source=source, user=user)
        for host_run in host_runs if in_background else ():
            enqueue_host_run(host_run)
    return run
