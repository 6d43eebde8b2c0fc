"""The one way to start a run, or cancel it: page, API, command, schedule, webhook all call it."""

from collections.abc import Collection
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from updates.audit.record import record
from updates.audit.run import tell_started
from updates.engine.client import Engine
from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError
from updates.english import in_english
from updates.flow.filters import why_excluded, why_left_out
from updates.flow.rules import Rules
from updates.flow.session import Kind, Params
from updates.models import ApiToken, Container, Host, HostRun, UpdateRun
from updates.models.audit import Deed
from updates.models.run import RunState
from updates.runs import cancel, past, self_update
from updates.runs.execute import close_host_run
from updates.runs.own import NotRecognised, own_container
from updates.runs.policies import policies_of
from updates.runs.write import write_run
from updates.tasks import enqueue_host_run

OTHERS_WORK = "Other runs are still open, and a restart would break them off. Wait for their end."


class NothingToDo(Exception):
    """No enabled host takes part, or nothing can be started there; the message says what to do."""


def trigger_run(
    hosts: Collection[Host],
    params: Params,
    *,
    source: UpdateRun.Trigger,
    user: User | None = None,
    api_token: ApiToken | None = None,
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
        run, host_runs = write_run(chosen, params, source=source, user=user, api_token=api_token)
        tell_started(run, chosen)
        for host_run in host_runs if in_background else ():
            enqueue_host_run(host_run)
    return run


def trigger_back(
    host: Host,
    name: str,
    *,
    to: str = "",
    source: UpdateRun.Trigger,
    user: User | None = None,
    in_background: bool = True,
) -> UpdateRun:
    """Write down a run that sends a container back to the image before, or to one it had.

    `to`: a digest or an image id, or its first digits. Raises NothingToDo.
    """
    found = past.find(host, name, to) if to else past.before(host, name)
    if found is None:
        raise NothingToDo(_no_image(host, name, to))
    params = replace(_about(host, name), back_to=found.key)
    return trigger_run([host], params, source=source, user=user, in_background=in_background)


def trigger_rebuild(
    host: Host, name: str, *, source: UpdateRun.Trigger, user: User | None = None
) -> UpdateRun:
    """Write down a run that makes a container again that vanished. Raises NothingToDo."""
    if Container.objects.filter(host=host, name=name).exists():
        raise NothingToDo(f"{name} is on {host}: scan it if it was removed just now.")
    if past.remains_of(host, name) is None:
        raise NothingToDo(f"Nothing is known of a container {name} on {host}.")
    return trigger_run(
        [host], replace(_about(host, name), is_rebuild=True), source=source, user=user
    )


def trigger_self_update(
    host: Host,
    *,
    source: UpdateRun.Trigger,
    user: User | None = None,
) -> UpdateRun:
    """Write down a run that updates Watchweb's own container, and start the helper that does it.

    The engine is asked at once: a handful of calls. A helper that cannot be had ends the run as
    failed, with the reason.
    Raises NothingToDo.
    """
    if not host.enabled:
        raise NothingToDo(f"The host {host} is not enabled.")
    with Engine(host.endpoint(), timeout_s=settings.WATCHWEB_ENGINE_TIMEOUT) as engine:
        try:
            own = own_container(engine)
        except (NotRecognised, EngineError) as error:
            raise NothingToDo(str(error)) from error
        if why := _why_left_out(own, host):
            raise NothingToDo(f"{own.name} is left out: {why}")
        host_run = _reserved(host, own.name, source, user)
        try:
            self_update.start_helper(host_run, own.id, engine)
        except EngineError as error:
            reason = f"The helper that would update Watchweb was not started: {error}"
            close_host_run(host_run, RunState.FAILED, reason)
    return UpdateRun.objects.get(pk=host_run.run_id)


def cancel_run(run: UpdateRun, by: User | None) -> bool:
    """End a run before it is complete; False if it is over, or was cancelled before.

    What was done stays done. `by` None: it has no name.
    """
    if not cancel.cancel(run, by):
        return False
    _tell_cancelled(run)
    return True


@in_english
def _tell_cancelled(run: UpdateRun) -> None:
    record(Deed.CANCELLED, str(run), link=run.get_absolute_url())


def _about(host: Host, name: str) -> Params:
    """An update of this one container, in which no data is thrown away with the old one."""
    names, switches = (f"{host.name}/{name}",), {"remove_volumes": False}
    return Params(kind=Kind.UPDATE, names=names, switches=switches, are_exact=True)


def _no_image(host: Host, name: str, to: str) -> str:
    known = past.names_in(past.images_of(host, name))
    if to:
        reason = f"No update took the image {to} from {name} on {host}."
    else:
        reason = f"No image is known that {name} on {host} had before this one."
    return f"{reason} It had: {known}." if known else reason


def _why_left_out(own: ContainerSummary, host: Host) -> str:
    """The sentence of the setting or label that leaves it out of runs like this one; or ""."""
    params = Params(kind=Kind.UPDATE)
    rules = Rules.of_run(params, policies_of(host), host.name)
    return why_excluded(own, rules, ()) or why_left_out(own, rules)


def _reserved(host: Host, name: str, source: UpdateRun.Trigger, user: User | None) -> HostRun:
    """The host run, kept for the helper. No task is queued: this container's workers cannot do it.

    Raises NothingToDo while other host runs are open.
    """
    params = Params(
        kind=Kind.UPDATE,
        names=(f"{host.name}/{name}",),
        are_exact=True,
        itself=True,
    )
    with transaction.atomic():
        if HostRun.objects.open().exists():
            raise NothingToDo(OTHERS_WORK)
        run, [host_run] = write_run([host], params, source=source, user=user)
        if not HostRun.objects.reserve(host_run.pk, lease=self_update.COMES_WITHIN):
            raise NothingToDo(OTHERS_WORK)
        tell_started(run, [host])
    return host_run
