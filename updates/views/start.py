"""Start a scan or an update."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.forms import StartRunForm
from updates.models import UpdateRun
from updates.triggers import NothingToDo, trigger_run


@require_http_methods(["GET", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def start_run(request: HttpRequest) -> HttpResponse:
    """Start what the form asks for and show the run; or go back with the reason."""
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was started yet: please press the button again."))
        return redirect("dashboard")
    form = StartRunForm(request.POST)
    if not form.is_valid():
        for reason in form.sentences():
            messages.error(request, reason)
        return redirect(form.way_back())
    user = request.user if isinstance(request.user, User) else None
    try:
        run = trigger_run(form.hosts(), form.params(), source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect(form.way_back())
    return redirect(run)
