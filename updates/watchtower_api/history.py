"""GET /v1/history and /v1/status: what runs that are over came to."""

from dataclasses import asdict

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from updates.models import UpdateRun
from updates.models.run import OPEN
from updates.watchtower_api import given
from updates.watchtower_api.answers import Refused, document, stamp
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.counts import counts_of
from updates.watchtower_api.endpoint import endpoint


@endpoint("GET", "HEAD")
def history(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """The newest runs that are over, the oldest of them first."""
    since, until = given.moment(request.GET, "since"), given.moment(request.GET, "until")
    if since and until and since > until:
        raise Refused(400, "invalid time range: 'since' must not be after 'until'")
    rows = _over()
    rows = rows.filter(finished_at__gte=since) if since else rows
    rows = rows.filter(finished_at__lte=until) if until else rows
    entries = _entries(rows[: given.limit(request.GET)])
    return document(entries=entries, count=len(entries))


@endpoint("GET", "HEAD")
def status(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    """The last one; 204 if there was none."""
    entries = _entries(_over()[:1])
    if not entries:
        return HttpResponse(status=204)
    when = entries[0].pop("timestamp")
    return document(summary=entries[0], timestamp=when)


def _over() -> QuerySet[UpdateRun]:
    return UpdateRun.objects.exclude(state__in=OPEN).exclude(finished_at=None)


def _entries(rows: QuerySet[UpdateRun]) -> list[dict[str, object]]:
    ended = {run.pk: run.finished_at for run in reversed(rows)}
    counts = counts_of(ended.keys())
    return [
        {"timestamp": stamp(at)} | asdict(counts[pk]) for pk, at in ended.items() if at is not None
    ]
