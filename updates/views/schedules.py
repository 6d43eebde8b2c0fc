"""All schedules: when, for whom, what came of the last tick; and the switch that pauses them."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from updates.models import Schedule, SchedulePause, ScheduleTick, Upkeep
from updates.models.upkeep import Job

TICKS_SHOWN = 10
_UPKEEP = {
    Job.RECOVERY: gettext_lazy("Finishes or rolls back what a worker that died has left."),
    Job.CLEAN_UP: gettext_lazy(
        "Takes away expired tokens, old answers, old records of schedules and audit entries."
    ),
    Job.MESSAGES: gettext_lazy("Sends notifications that were gathered or could not be sent."),
}


@require_safe
@permission_required("updates.view_schedule", raise_exception=True)
def schedules(request: HttpRequest) -> HttpResponse:
    rows = Schedule.objects.select_related("last_tick__run").prefetch_related("hosts")
    ticks = ScheduleTick.objects.select_related("schedule", "run")[:TICKS_SHOWN]
    context = {
        "schedules": rows,
        "pause": SchedulePause.current(),
        "ticks": ticks,
        "upkeep": _upkeep(),
    }
    return render(request, "updates/schedules.html", context)


def _upkeep() -> list[tuple[str, str, Upkeep | None]]:
    """(name, what it does, when it last did) of what Watchweb does for itself."""
    known = {row.job: row for row in Upkeep.objects.all()}
    return [(str(job.label), str(_UPKEEP[job]), known.get(job)) for job in Job]


@require_POST
@permission_required("updates.change_schedule", raise_exception=True)
def pause_schedules(request: HttpRequest) -> HttpResponse:
    """Stop every schedule, or let them go on: from now, nothing is made up for."""
    if "resume" in request.POST:
        Schedule.objects.resume(timezone.now())
        said = _("The schedules go on. What fell due meanwhile is not made up for.")
        messages.success(request, said)
    else:
        Schedule.objects.pause(request.user if isinstance(request.user, User) else None)
        messages.success(request, _("Every schedule is paused. Runs that are open go on."))
    return redirect("schedules")


@require_POST
@permission_required("updates.change_schedule", raise_exception=True)
def switch_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Enable or disable one."""
    row = get_object_or_404(Schedule, pk=pk)
    row.enabled = "on" in request.POST
    row.is_owed = False
    try:
        row.plan(timezone.now())
    except ValueError as error:
        said = _("%(name)s cannot be enabled: %(why)s") % {"name": row, "why": error}
        messages.error(request, said)
        return redirect("schedules")
    row.save(update_fields=["enabled", "is_owed", "next_at"])
    said = _("%(name)s is enabled.") if row.enabled else _("%(name)s is disabled.")
    messages.success(request, said % {"name": row})
    return redirect("schedules")
