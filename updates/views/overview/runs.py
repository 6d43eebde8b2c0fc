"""What is happening, container by container, and the last things that happened."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.flow.session import Kind
from updates.models import ContainerResult, UpdateRun
from updates.models.run import OPEN, RunState
from updates.views.overview.concern import Act, Concern

LAST_SHOWN = 3
_LOOKED_AT = 200  # The newest that are over, among which those that say most are looked for.
_WAITS_LONG = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Working:
    """A container that a run is at; `step` is "" while it waits for its turn."""

    host: str
    name: str
    step: str


@dataclass(frozen=True, slots=True)
class Runs:
    """Rows with `count_<state>`; the open ones also with `working`."""

    open: list[Any]
    last: list[Any]


def read_runs() -> Runs:
    """The open ones, and the last that are over. Two statements."""
    wanted = Q(state__in=OPEN) | Q(pk__in=_telling())
    rows: list[Any] = list(UpdateRun.objects.filter(wanted).select_related("user"))
    _add_counts(rows)
    return Runs(
        [row for row in rows if row.state in OPEN], [row for row in rows if row.state not in OPEN]
    )


def _telling() -> QuerySet[Any, Any]:
    """Updates, and what did not end well, before the scans between them."""
    newest = UpdateRun.objects.exclude(state__in=OPEN).order_by("-created_at", "-pk")
    rows = UpdateRun.objects.filter(pk__in=newest.values("pk")[:_LOOKED_AT])
    says_little = Case(When(Q(kind=Kind.SCAN, state=RunState.FINISHED), then=1), default=0)
    return rows.order_by(says_little, "-created_at", "-pk").values("pk")[:LAST_SHOWN]


def run_concerns(runs: Runs) -> Iterator[Concern]:
    for row in runs.open:
        if row.state == RunState.QUEUED and row.created_at < timezone.now() - _WAITS_LONG:
            sentence = _("No worker has taken it yet. Is “watchweb up” running?")
            look = Act(_("Look"), row.get_absolute_url())
            yield Concern(_("waits"), "busy", str(row), sentence, look.address, look)


def _add_counts(rows: Sequence[Any]) -> None:
    """One grouped statement; of those being worked on, a line each."""
    is_open = Q(state="", host_run__state=RunState.RUNNING)
    named = {
        key: Case(When(is_open, then=F(column)), default=Value(""))
        for key, column in (
            ("who", "name"),
            ("at", "step"),
            ("where", "host_run__host__name"),
        )
    }
    found = (
        ContainerResult.objects.filter(host_run__run__in=[row.pk for row in rows])
        .order_by()
        .values_list("host_run__run", "state", *named.values())
        .annotate(number=Count("pk"))
    )
    counts = defaultdict[tuple[int, str], int](int)
    working = defaultdict[int, list[Working]](list)
    for run, state, name, step, host, number in found:
        counts[run, state] += number
        if name:
            working[run].append(Working(host, name, step))
    for row in rows:
        for state in ContainerResult.States.values:
            setattr(row, f"count_{state}", counts[row.pk, state])
        row.working = sorted(working[row.pk], key=lambda one: (not one.step, one.host, one.name))
