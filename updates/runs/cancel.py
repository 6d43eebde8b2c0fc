"""A run that a person ends: at once where it waits, between two containers where it is at work."""

import logging

from django.contrib.auth.models import User
from django.db import transaction

from updates.models import HostRun, RunEvent, UpdateRun
from updates.runs.execute import close_run

logger = logging.getLogger(__name__)


def cancel(run: UpdateRun, by: User | None) -> bool:
    """End it as soon as may be; False if it is over, or somebody has cancelled it before.

    Host runs that wait are closed here, and touch no engine. Those at work look at the row between
    two containers (stoppable), finish what is at hand and skip the rest.
    """
    with transaction.atomic():
        if not UpdateRun.objects.cancel(run.pk, by):
            return False
        run.refresh_from_db()
        HostRun.objects.end_queued(run, error=f"{run.cancelled}.")
        RunEvent.objects.bulk_create(
            RunEvent(host_run=part, message=f"{run.cancelled}. What is at hand is finished first.")
            for part in run.host_runs.open()
        )
    logger.info("run cancelled run=%d", run.pk)
    close_run(run.pk)
    run.refresh_from_db()
    return True
