"""Send a container back to an image it had, once it was said what will happen."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.models import Container, Host, UpdateRun
from updates.runs import past
from updates.triggers import NothingToDo, trigger_back


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def go_back(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`?to=` names the image. Ask first, then start it and show the run; or say why not."""
    host = get_object_or_404(Host, pk=pk)
    row = get_object_or_404(Container, host=host, name=name)
    to = request.GET.get("to", "")
    found = past.find(host, name, to)
    if found is None:
        why = _("%(name)s did not have that image, or has it now.") % {"name": name}
        messages.error(request, why)
        return redirect(row)
    if request.method != "POST":
        context = {"container": row, "host": host, "image": found}
        return render(request, "updates/go_back.html", context)
    user = request.user if isinstance(request.user, User) else None
    try:
        run = trigger_back(host, name, to=found.key, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect(row)
    return redirect(run)
