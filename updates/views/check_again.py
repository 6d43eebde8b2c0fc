"""Ask a registry anew about its images: one scan of just the containers that run them."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.flow.session import Kind, Params
from updates.models import Container, Registry, UpdateRun
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference
from updates.triggers import NothingToDo, trigger_run


@require_http_methods(["GET", "POST"])
@permission_required(("updates.view_registry", "updates.start_run"), raise_exception=True)
def check_again(request: HttpRequest, pk: int) -> HttpResponse:
    """`reference` in the form narrows it to one image. Leads to the run, or back with a reason."""
    row = get_object_or_404(Registry, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was checked yet: please press the button again."))
        return redirect(row)
    containers = running_images_of(row, request.POST.get("reference", ""))
    if not containers:
        said = _("No container of an enabled host runs this now; nothing to check.")
        messages.error(request, said)
        return redirect(row)
    user = request.user if isinstance(request.user, User) else None
    hosts = {one.host.pk: one.host for one in containers}.values()
    try:
        run = trigger_run(hosts, _params(containers), source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect(row)
    return redirect(run)


def running_images_of(row: Registry, canonical: str) -> list[Container]:
    """The containers whose image is the registry's, or is the canonical reference if not ""."""
    rows = Container.objects.filter(host__enabled=True).select_related("host").defer("labels")
    return [one for one in rows if _is_of(one.image, row.domain, canonical)]


def _is_of(image: str, domain: str, canonical: str) -> bool:
    try:
        reference = Reference.parse(image)
    except InvalidReference:  # An image that has no name but its ID.
        return False
    return reference.domain == domain and canonical in ("", reference.canonical)


def _params(containers: Collection[Container]) -> Params:
    return Params(
        kind=Kind.SCAN,
        are_exact=True,
        names=tuple(f"{one.host.name}/{one.name}" for one in containers),
        max_age_s=0,
    )
