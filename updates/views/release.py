"""Take a hold or a block away: the next run goes by it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.forms.container_act import Act
from updates.models import Hold
from updates.runs import holds
from updates.views.containers import wording


@require_http_methods(["GET", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def release(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`hold` in the form is the row's key. Leads back to the container's page."""
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was done yet: please press the button again."))
        return redirect("container", pk, name)
    key = request.POST.get("hold", "")
    row = Hold.objects.of(pk, name).filter(pk=key).first() if key.isdecimal() else None
    if row is None:
        messages.error(request, _("That is gone already."))
    else:
        holds.lift(row)
        messages.success(request, _lifted(row, name))
    return redirect("container", pk, name)


def _lifted(row: Hold, name: str) -> str:
    if row.digest:
        return _("The block is lifted. The next run goes by it.")
    return wording.done(Act.RELEASE, [name])
