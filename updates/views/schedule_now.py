"""Do now what would happen by itself later: a schedule, or the minute's upkeep."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from updates.models import Schedule
from updates.schedules.due import start_now
from updates.tasks import tick
from updates.timetable.errors import BadTimetable

_AGAIN = gettext_lazy("Nothing was started yet: please press the button again.")


@require_http_methods(["GET", "POST"])
@permission_required(("updates.view_schedule", "updates.start_run"), raise_exception=True)
def run_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the run, or back with the reason why there is none."""
    row = get_object_or_404(Schedule, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, str(_AGAIN))
        return redirect("schedules")
    user = request.user if isinstance(request.user, User) else None
    try:
        done = start_now(row, timezone.now(), user)
    except BadTimetable as error:
        said = _("%(name)s cannot be started: %(why)s") % {"name": row, "why": error}
        messages.error(request, said)
        return redirect("schedules")
    if done.reason:
        messages.warning(request, f"{row}: {done.reason}")
    return redirect(done.run or "schedules")


@require_http_methods(["GET", "POST"])
@permission_required(("updates.view_schedule", "updates.start_run"), raise_exception=True)
def run_upkeep(request: HttpRequest) -> HttpResponse:
    """A worker does it."""
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, str(_AGAIN))
    else:
        tick.enqueue()
        messages.success(request, _("A worker does it now: recovery, clean-up, then messages."))
    return redirect("schedules")
