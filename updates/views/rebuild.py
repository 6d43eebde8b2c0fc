"""Make a container again that vanished, once it was said what it will be."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from updates.models import Host, UpdateRun
from updates.runs import past
from updates.triggers import NothingToDo, trigger_rebuild


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def rebuild(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask first, then start it and show the run; or go back with the reason."""
    host = get_object_or_404(Host, pk=pk)
    remains = past.remains_of(host, name)
    if remains is None:
        raise Http404
    if request.method != "POST":
        context = {"host": host, "name": name, "remains": remains}
        return render(request, "updates/rebuild.html", context)
    user = request.user if isinstance(request.user, User) else None
    try:
        run = trigger_rebuild(host, name, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect("container", host.pk, name)
    return redirect(run)
