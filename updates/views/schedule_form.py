"""Add, change or delete a schedule; see beforehand when it will tick."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from updates.forms.schedule import ScheduleForm, preview_of
from updates.models import Schedule


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.add_schedule", raise_exception=True)
def add_schedule(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.view_schedule", raise_exception=True)
def change_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever may only look sees it, and cannot save."""
    return _edit(request, get_object_or_404(Schedule, pk=pk))


@require_safe
@permission_required("updates.view_schedule", raise_exception=True)
def preview_schedule(request: HttpRequest) -> HttpResponse:
    """The next five ticks of what is typed, or what is wrong with it."""
    words, ticks, fault = preview_of(request.GET)
    context = {"words": words, "ticks": ticks, "fault": fault}
    return render(request, "updates/schedule_form.html#preview", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.delete_schedule", raise_exception=True)
def delete_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Schedule, pk=pk)
    if request.method != "POST":
        return render(request, "updates/schedule_delete.html", {"schedule": row})
    row.delete()
    said = _("The schedule %(name)s was deleted. Its runs stay.")
    messages.success(request, said % {"name": row})
    return redirect("schedules")


def _edit(request: HttpRequest, row: Schedule | None) -> HttpResponse:
    may_change = request.user.has_perm("updates.change_schedule") or row is None
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = ScheduleForm(request.POST or None, instance=row)
    is_preview = "preview" in request.POST
    if form.is_bound and form.is_valid() and not is_preview:
        saved = form.save()
        changed = _("The schedule %(name)s was changed.")
        said = changed if row else _("The schedule %(name)s was added.")
        messages.success(request, said % {"name": saved})
        return redirect("schedules")
    typed = request.POST if form.is_bound else form.initial
    words, ticks, fault = preview_of(typed) if form.is_bound or row else ("", [], "")
    context = {
        "form": form,
        "schedule": Schedule.objects.filter(pk=row.pk).first() if row else None,
        "may_change": may_change,
        "zones": sorted(available_timezones()),
        "words": words,
        "ticks": ticks,
        "fault": fault,
    }
    return render(request, "updates/schedule_form.html", context)
