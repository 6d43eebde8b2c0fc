"""One container: what it is now, what is in its way, the images it had, what was done to it."""

from typing import Any

from django.db.models import Exists, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from updates.flow.links import links_of, revision_of, version_of
from updates.models import (
    Container,
    ContainerResult,
    Hold,
    Host,
    HostRun,
    Policy,
    Registry,
    Schedule,
    SchedulePause,
)
from updates.runs import past
from updates.runs.own import own_container_ids
from updates.runs.standing import reference_of, standing_of
from updates.views.etags import etag_of
from updates.views.lifting import with_places

PER_PAGE = 15
_SECRETS = ("host__tls_ca", "host__tls_cert", "host__tls_key")
_MOVING = ("container_id", "image_id", "image", "state", "health", "status", "status_reason")
_CHECKED = ("local_digest", "remote_digest", "checked_at", "updated_at", "held_until")


@require_safe
def container(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One that is there, or that the history knows."""
    return render(request, "updates/container.html", _context(request, pk, name))


def etag(request: HttpRequest, pk: int, name: str) -> str:
    """Changes whenever something of it moves. Rights differ, so each user has their own."""
    parts = HostRun.objects.filter(host=pk).order_by("-pk")
    around = _around(pk, parts, Exists(parts.open()))
    at_work = _results(pk, name).filter(host_run__in=parts.open()).values_list("pk", "state")
    return etag_of(
        request,
        request.GET.get("page"),
        list(Container.objects.filter(host=pk, name=name).values_list("pk", *_MOVING, *_CHECKED)),
        list(Hold.objects.of(pk, name).values_list("pk", "reason")),
        list(at_work) if any(is_open for is_open, *_ in around) else [],
        around,
    )


def _around(pk: int, parts: QuerySet[HostRun], is_at_work: Exists) -> list[Any]:
    """What of its host, and of everything, shows on the page; one statement.

    The last host run stands for the results before it: there may be a million of those.
    """
    ticks = Schedule.objects.enabled().order_by("-next_at")
    return list(
        Host.objects.filter(pk=pk).values_list(
            is_at_work,
            "enabled",
            "last_error",
            SchedulePause.is_on(),
            Subquery(parts.values("pk")[:1]),
            Subquery(parts.values("state")[:1]),
            Subquery(ticks.values("next_at")[:1]),
            Subquery(ticks.order_by("next_at").values("next_at")[:1]),
            Subquery(ticks.order_by("-pk").values("pk")[:1]),
            Subquery(Policy.objects.order_by("-changed_at").values("changed_at")[:1]),
            Subquery(
                Registry.objects.exclude(paused_until=None)
                .order_by("-paused_until")
                .values("paused_until")[:1]
            ),
        )
    )


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def container_live(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """All of the page below its frame; asked for again and again while somebody looks."""
    return render(request, "updates/container.html#live", _context(request, pk, name))


def find(pk: int, name: str) -> Container | None:
    """The row with its host, and nothing secret of that."""
    rows = Container.objects.select_related("host").defer(*_SECRETS)
    return rows.filter(host=pk, name=name).first()


def _context(request: HttpRequest, pk: int, name: str) -> dict[str, Any]:
    row = find(pk, name)
    host = row.host if row else get_object_or_404(Host, pk=pk)
    remains = None if row else past.remains_of(host, name)
    held = list(Hold.objects.of(pk, name).select_related("user"))
    timeline = _timeline(request, pk, name)
    if not (row or remains or _results(pk, name).exists()):
        raise Http404
    context = {
        "host": host,
        "name": name,
        "container": row,
        "remains": remains,
        "is_held": any(not one.digest for one in held),
        **timeline,
    }
    return context | (_of_present(request, row, held) if row else {})


def _of_present(request: HttpRequest, row: Container, held: list[Hold]) -> dict[str, Any]:
    standing = standing_of(row, held)
    blockers = with_places(standing, row, request.user, held)
    told = {one.hold.pk for one in blockers if one.hold}
    return {
        "standing": standing,
        "blockers": blockers,
        "holds": [one for one in held if one.pk not in told],
        "settings": standing.effective.explained(with_defaults=False),
        "complaints": standing.effective.complaints,
        "version": version_of(row.labels),
        "revision": revision_of(row.labels),
        "links": links_of(row.labels, reference_of(row)),
        "images": past.images_of(row.host, row.name),
        "is_own": row.container_id in own_container_ids(),
    }


def _results(pk: int, name: str) -> Any:
    return ContainerResult.objects.filter(host_run__host=pk, name=name)


def _timeline(request: HttpRequest, pk: int, name: str) -> dict[str, Any]:
    """A page of what was done to it, the last first. One row more tells of a next page, so that
    nothing has to be counted."""
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    rows = _results(pk, name).eventful().select_related("host_run__run__user").order_by("-pk")
    begin = (number - 1) * PER_PAGE
    found = list(rows[begin : begin + PER_PAGE + 1])
    return {"timeline": found[:PER_PAGE], "page": number, "has_more": len(found) > PER_PAGE}
