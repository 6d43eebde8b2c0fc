"""One glance: what needs me, what is happening, what happened."""

from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from updates.models import (
    Container,
    ContainerResult,
    Hold,
    Host,
    Registry,
    RunEvent,
    Schedule,
    SchedulePause,
    UpdateRun,
)
from updates.templatetags.registries import is_insecure, signs_in
from updates.views.attention import concerns
from updates.views.registries import SECRETS

WAITING_SHOWN = 12
RUNS_SHOWN = 8
COMING_SHOWN = 5


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    return render(request, "updates/dashboard.html", _context(request))


def etag(request: HttpRequest) -> str:
    """Changes whenever a run or the inventory moves. Rights differ, so each user has their own."""
    facts = (
        request.user.pk,
        RunEvent.objects.aggregate(last=Max("pk")),
        ContainerResult.objects.aggregate(last=Max("pk")),
        list(UpdateRun.objects.values_list("pk", "state")[:RUNS_SHOWN]),
        list(UpdateRun.objects.open().values_list("pk", "state")),
        list(Container.objects.order_by("status").values_list("status").annotate(Count("pk"))),
        list(Host.objects.values_list("pk", "enabled", "last_error")),
        _seen_of_registries(request),
        list(Schedule.objects.values_list("pk", "next_at", "enabled")),
        SchedulePause.objects.exists(),
    )
    return f'"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def overview(request: HttpRequest) -> HttpResponse:
    """The part of the dashboard that moves; fetched again while a run is open."""
    return render(request, "updates/dashboard.html#overview", _context(request))


def _held() -> Exists:
    """Whether a container is held, or what its registry has is blocked for it."""
    mine = Hold.objects.filter(host=OuterRef("host"), container=OuterRef("name"))
    return Exists(mine.filter(Q(digest="") | Q(digest=OuterRef("remote_digest"))))


def _context(request: HttpRequest) -> dict[str, Any]:
    updates = Q(containers__status=Container.Status.UPDATE_AVAILABLE)
    hosts: list[Any] = list(
        Host.objects.annotate(
            container_count=Count("containers"), update_count=Count("containers", filter=updates)
        )
    )
    waiting = Container.objects.with_update().select_related("host").annotate(is_held=_held())
    runs = UpdateRun.objects.with_counts().select_related("user")
    return {
        "hosts": hosts,
        "container_count": sum(host.container_count for host in hosts),
        "update_count": sum(host.update_count for host in hosts),
        "away": [host for host in hosts if host.enabled and host.last_error],
        "unknown_count": Container.objects.filter(status=Container.Status.UNKNOWN).count(),
        "waiting": list(waiting[:WAITING_SHOWN]),
        "open_runs": list(runs.open()),
        "runs": list(runs[:RUNS_SHOWN]),
        **_registries(request),
        **_schedules(request),
    }


def _schedules(request: HttpRequest) -> dict[str, Any]:
    """What comes next by itself, for those who may see it."""
    if not request.user.has_perm("updates.view_schedule"):
        return {}
    coming = Schedule.objects.enabled().exclude(next_at=None).order_by("next_at")
    return {"coming": list(coming[:COMING_SHOWN]), "pause": SchedulePause.current()}


def _registries(request: HttpRequest) -> dict[str, Any]:
    """The registries and what about them needs a person, for those who may see them."""
    if not request.user.has_perm("updates.view_registry"):
        return {"may_see_registries": False}
    shown = list(Registry.objects.defer(*SECRETS, "ca_pem", "client_cert"))
    return {"may_see_registries": True, "registries": shown, "concerns": concerns(shown)}


def _seen_of_registries(request: HttpRequest) -> list[object]:
    """What the overview shows of the registries, but for the clock."""
    context = _registries(request)
    rows: list[Registry] = context.get("registries", [])
    seen = [(row.domain, signs_in(row), is_insecure(row), row.answered_at is None) for row in rows]
    return [context.get("concerns"), seen]
