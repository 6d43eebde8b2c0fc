"""The containers with an update, those first that may be updated."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from updates.flow.session import Kind
from updates.models import Container, Hold
from updates.views.overview.runs import Runs


def waiting_updates(left_out: Collection[int]) -> QuerySet[Container]:
    """With `is_held` and, where a person held it until further notice, the hold's key.

    `left_out`: keys of those that are shown elsewhere.
    """
    mine = Hold.objects.filter(host=OuterRef("host"), container=OuterRef("name"))
    held = mine.filter(Q(digest="") | Q(digest=OuterRef("remote_digest")))
    rows = Container.objects.with_update().exclude(pk__in=left_out).select_related("host")
    may_not = Q(is_held=True) | Q(monitor_only=True) | Q(held_until__gt=timezone.now())
    return rows.annotate(
        is_held=Exists(held),
        hold=Subquery(held.order_by("digest").values("pk")[:1]),
        cannot=Case(When(may_not, then=1), default=0),
    ).order_by("cannot", "host__name", "name")


def give_work(waiting: Sequence[Any], runs: Runs) -> None:
    """Each gets `at_work`: the open run that is replacing it just now, or None."""
    at_work = {
        (one.host, one.name): run
        for run in runs.open
        if run.kind != Kind.SCAN
        for one in run.working
    }
    for row in waiting:
        row.at_work = at_work.get((row.host.name, row.name))
