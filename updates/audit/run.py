"""A run that somebody starts."""

from collections.abc import Collection

from updates.audit.record import record
from updates.english import in_english
from updates.models import Host, UpdateRun
from updates.models.audit import Deed

_PEOPLES = {UpdateRun.Trigger.PAGE, UpdateRun.Trigger.API, UpdateRun.Trigger.COMMAND}
_NAMED = 5


@in_english
def tell_started(run: UpdateRun, hosts: Collection[Host]) -> None:
    """What schedules and webhooks start is in the list of runs."""
    if run.trigger not in _PEOPLES:
        return
    params = run.parameters()
    what = params.names or tuple(host.name for host in hosts)
    more = f" and {len(what) - _NAMED} more" if len(what) > _NAMED else ""
    deed = Deed.ROLLED_BACK if params.back_to else Deed.STARTED
    subject = f"{run} of {', '.join(what[:_NAMED])}{more}"
    record(deed, subject, link=run.get_absolute_url())
