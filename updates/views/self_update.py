"""Update the container that Watchweb itself runs in, once it was said what will happen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.models import Host, UpdateRun
from updates.runs.own import own_hosts
from updates.triggers import NothingToDo, trigger_self_update


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def update_itself(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then start it and show the run; or go back with the reason.

    The one page that waits for an engine: no worker of this container could start the helper
    any better.
    """
    host = get_object_or_404(Host, pk=pk)
    if not own_hosts().filter(pk=pk).exists():
        why = _("Watchweb is not known to run in a container on %(host)s.") % {"host": host}
        messages.error(request, why)
        return redirect(host)
    if request.method != "POST":
        return render(request, "updates/self_update.html", {"host": host})
    user = request.user if isinstance(request.user, User) else None
    try:
        run = trigger_self_update(host, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect(host)
    return redirect(run)
