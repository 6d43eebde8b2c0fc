"""Cancel a run that is open."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.models import UpdateRun
from updates.triggers import cancel_run


@require_http_methods(["GET", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads back to the run, which shows how it ends."""
    run = get_object_or_404(UpdateRun, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was cancelled yet: please press the button again."))
    elif not cancel_run(run, request.user if isinstance(request.user, User) else None):
        run.refresh_from_db()
        is_ending = run.is_ending
        late = _("It is being cancelled already.") if is_ending else _("It was over already.")
        messages.error(request, late)
    return redirect(run)
