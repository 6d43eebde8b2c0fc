"""The start of what a request asks for, and when it is refused."""

from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict

from updates.flow.session import Kind, Params
from updates.management.supervisor import is_silent
from updates.models import Host, HostRun, UpdateRun
from updates.triggers import NothingToDo, trigger_run
from updates.watchtower_api import given
from updates.watchtower_api.answers import Refused
from updates.watchtower_api.callers import Caller

BUSY = "another update is already running"  # Watchtower's own words.
NO_WORKER = "No worker is alive to carry it out: nothing was started. Look at the cluster's log."


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request is for: containers of these images whose names fit these patterns; () all."""

    hosts: list[Host]
    images: tuple[str, ...]
    patterns: tuple[str, ...]

    @classmethod
    def of(cls, query: QueryDict) -> "Wish":
        """Raises Refused."""
        images, patterns = given.listed(query, "image"), given.listed(query, "container")
        return cls(given.hosts(query), images, patterns)

    @property
    def is_targeted(self) -> bool:
        return bool(self.images or self.patterns)

    def params(self, kind: Kind) -> Params:
        """Registries are asked anew: callers push an image, and ask for it a moment later."""
        return Params(kind, patterns=self.patterns, images=self.images, max_age_s=0)


def start(wish: Wish, kind: Kind, caller: Caller) -> UpdateRun:
    """Write the run down and queue it. Raises Refused.

    A full update is refused while another one is open on one of its hosts; what is targeted waits
    in the queue for its turn.
    """
    if is_silent():
        raise Refused(503, NO_WORKER, Retry_After="30")
    source = UpdateRun.Trigger.API
    with transaction.atomic():
        if kind is Kind.UPDATE and not wish.is_targeted:
            _refuse_while_busy(wish.hosts)
        try:
            return trigger_run(
                wish.hosts,
                wish.params(kind),
                source=source,
                user=caller.user,
                api_token=caller.token,
            )
        except NothingToDo as error:
            raise Refused(503, str(error)) from error


def _refuse_while_busy(hosts: list[Host]) -> None:
    keys = [host.pk for host in hosts]
    # Of two requests at once, one waits here for the other's rows. SQLite lets one write at a time.
    list(Host.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    if HostRun.objects.open().filter(host__in=keys, run__kind=Kind.UPDATE).exists():
        raise Refused(429, BUSY, Retry_After="30")
