"""Execute a host run that was kept for this process: what a helper container does."""

import logging
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from updates.engine.errors import EngineError
from updates.management import base
from updates.models import HostRun
from updates.runs import self_update
from updates.runs.execute import execute_reserved
from updates.tasks import enqueue_waiting

logger = logging.getLogger(__name__)


class Command(base.Command):
    help = (
        "Execute a host run that was kept for a helper container: `updateself` starts one that "
        "runs this. Run again, it puts right what an interrupted one left. By hand it is of no use."
    )
    examples = "  manage.py executerun 7"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("host_run", type=int, metavar="HOST_RUN_ID")

    def handle(self, *, host_run: int, **_: Any) -> None:
        part = HostRun.objects.select_related("host", "run").filter(pk=host_run).first()
        if part is None or not part.run.parameters().itself:
            raise base.wrong_use(f"Host run {host_run} is not one that a helper executes.")
        # As the first process of a container it would be deaf to SIGTERM otherwise. What was
        # begun goes the way back.
        signal.signal(signal.SIGTERM, _leave)
        try:
            if not execute_reserved(host_run):
                self_update.carry_on(part)
        finally:
            is_unfinished = self_update.is_unfinished(part)
            if not is_unfinished:
                _take_leave(part)
        self.finish(1 if is_unfinished else 0)  # The engine starts the helper again after a 1.


def _take_leave(host_run: HostRun) -> None:
    enqueue_waiting(host_run.host_id)
    try:
        self_update.dismiss(host_run)
    except EngineError as error:
        logger.warning("helper not removed run=%d error=%s", host_run.run_id, error)


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)
