"""One glance: what needs me, what is happening, what happened, what comes next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from updates.views.etags import etag_of
from updates.views.first_steps import end_walk, first_steps_of, is_untouched
from updates.views.overview.concern import Concern, for_person
from updates.views.overview.hosts import host_concerns, read_hosts
from updates.views.overview.marks import read_marks
from updates.views.overview.month import read_chart
from updates.views.overview.plans import Plans, plan_concerns, read_plans
from updates.views.overview.registries import registry_concerns
from updates.views.overview.runs import read_runs, run_concerns
from updates.views.overview.troubles import read_troubles, trouble_concerns
from updates.views.overview.waiting import give_work, waiting_updates

# What fits at 1280x800. What has no concern leaves its room to the updates.
ROWS_SHOWN, CONCERNS_SHOWN = 10, 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What depends on the clock, and is read for the ETag and the page at once."""

    plans: Plans
    registries: list[Concern]


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    hosts = read_hosts()
    if is_untouched(request, hosts):
        return first_steps_of(request)
    end_walk(request)
    return render(request, "updates/dashboard.html", _context(request, _seen(request), hosts))


def etag(request: HttpRequest) -> str:
    """Changes whenever something shown does. Rights differ, so each user has their own."""
    seen = _seen(request)
    request.seen = seen  # type: ignore[attr-defined]
    ticks = [(row.pk, row.name, row.next_at, row.last_tick_id) for row in seen.plans.rows]
    return etag_of(
        request,
        read_marks(),
        seen.registries,
        ticks,
        for_person(plan_concerns(seen.plans), request.user),
    )


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=etag)
def overview(request: HttpRequest) -> HttpResponse:
    """The part of the overview that moves; fetched again, sooner while a run is open."""
    seen: Seen = request.seen  # type: ignore[attr-defined]
    return render(request, "updates/dashboard.html#overview", _context(request, seen, read_hosts()))


def _seen(request: HttpRequest) -> Seen:
    return Seen(read_plans(request), registry_concerns(request))


def _context(request: HttpRequest, seen: Seen, hosts: list[Any]) -> dict[str, Any]:
    troubles, runs = read_troubles(request.user), read_runs()
    concerns = for_person(
        [
            *host_concerns(hosts, is_staff=_is_staff(request)),
            *trouble_concerns(troubles),
            *seen.registries,
            *plan_concerns(seen.plans),
            *run_concerns(runs),
        ],
        request.user,
    )
    shown = min(len(concerns), CONCERNS_SHOWN)
    update_count = sum(host.update_count for host in hosts)
    told = {row.container for row in troubles if row.container}
    waiting = list(waiting_updates(told)[: ROWS_SHOWN - shown])
    give_work(waiting, runs)
    return {
        "concerns": concerns[:shown],
        "more_concerns": concerns[shown:],
        "waiting": waiting,
        "told_count": len(told),
        "listed_count": update_count - len(told),
        "more_waiting": update_count - len(told) - len(waiting),
        "update_count": update_count,
        "container_count": sum(host.container_count for host in hosts),
        "unknown_count": sum(host.unknown_count for host in hosts),
        "away_count": sum(bool(host.enabled and host.last_error) for host in hosts),
        "hosts": sorted(hosts, key=lambda host: not (host.enabled and host.last_error)),
        "runs": runs,
        "chart": read_chart(),
        "plans": seen.plans,
    }


def _is_staff(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))
