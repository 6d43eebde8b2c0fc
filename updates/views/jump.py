"""The command palette: jump to a page, a container, a host, a registry or a run."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from updates.models import Container, Host, Registry, Schedule, UpdateRun
from updates.views.places import open_places

SHOWN = 8
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    icon: str
    label: str
    detail: str
    address: str


@require_safe
def jump(request: HttpRequest) -> HttpResponse:
    """The page; for htmx only what was found."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST]
    template = "updates/jump.html" + ("#found" if request.headers.get("HX-Request") else "")
    return render(request, template, {"wanted": wanted, "found": list(_found(request, wanted))})


def _found(request: HttpRequest, wanted: str) -> Iterator[Found]:
    for place in open_places(request.user):
        label = str(place.label)
        if wanted.lower() in label.lower():
            yield Found(place.icon, label, _("page"), place.address)
    if not wanted:
        return
    yield from _runs(wanted.lstrip("#"))
    yield from _hosts(wanted)
    yield from _stacks(wanted)
    yield from _containers(request, wanted)
    if request.user.has_perm("updates.view_registry"):
        yield from _registries(wanted)
    if request.user.has_perm("updates.view_schedule"):
        yield from _schedules(wanted)


def _runs(number: str) -> Iterator[Found]:
    if not number.isascii() or not number.isdigit() or len(number) > SHOWN:
        return
    for run in UpdateRun.objects.filter(pk=int(number)):
        yield Found("history", str(run), run.get_state_display(), run.get_absolute_url())


def _hosts(wanted: str) -> Iterator[Found]:
    for host in Host.objects.filter(name__icontains=wanted).order_by("name")[:SHOWN]:
        yield Found("server", host.name, _("host"), host.get_absolute_url())


def _stacks(wanted: str) -> Iterator[Found]:
    rows = Container.objects.filter(stack__icontains=wanted).order_by("stack")
    for name in rows.values_list("stack", flat=True).distinct()[:SHOWN]:
        address = reverse("containers", query={"stack": name})
        yield Found("boxes", name, _("stack"), address)


def _containers(request: HttpRequest, wanted: str) -> Iterator[Found]:
    """Those whose name begins with it first, each with its update where there is one."""
    may_update = request.user.has_perm("updates.start_run")
    matches = Q(name__icontains=wanted) | Q(image__icontains=wanted) | Q(stack__icontains=wanted)
    begins = Case(When(name__istartswith=wanted, then=0), default=1)
    rows = Container.objects.filter(matches).select_related("host").order_by(begins, "name")
    for row in rows[:SHOWN]:
        address = reverse("container", args=[row.host_id, row.name])
        where = _("container on %(host)s") % {"host": row.host.name}
        yield Found("box", row.name, where, address)
        if row.has_update and may_update:
            label = _("Update %(name)s") % {"name": row.name}
            sheet = reverse("container-update", args=[row.host_id, row.name])
            yield Found("circle-arrow-up", label, where, sheet)


def _registries(wanted: str) -> Iterator[Found]:
    for row in Registry.objects.filter(domain__icontains=wanted).order_by("domain")[:SHOWN]:
        yield Found("warehouse", row.domain, _("registry"), reverse("registry", args=[row.pk]))


def _schedules(wanted: str) -> Iterator[Found]:
    for row in Schedule.objects.filter(name__icontains=wanted).order_by("name")[:SHOWN]:
        yield Found("calendar-clock", row.name, _("schedule"), row.get_absolute_url())
