"""What is done to a host on its page: test it, switch it on or off, delete it."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from updates.models import Host, Schedule
from updates.runs.host_probe import try_out
from updates.runs.host_removal import HostBusy, attached_to, remove
from updates.views.host import page_context


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("updates.change_host", raise_exception=True)
def probe_host(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps alone when htmx asks, else the whole page with them in it."""
    row = get_object_or_404(Host, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was tested yet: please press the button again."))
        return redirect(row)
    found = try_out(row)
    if "HX-Request" in request.headers:
        return render(request, "updates/host.html#test", {"host": row, "findings": found})
    row.refresh_from_db()
    return render(request, "updates/host.html", page_context(request, row, found))


@require_http_methods(["GET", "POST"])
@permission_required("updates.change_host", raise_exception=True)
def switch_host(request: HttpRequest, pk: int) -> HttpResponse:
    """Let runs take part on it, or leave it out."""
    row = get_object_or_404(Host, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was changed yet: please press the button again."))
        return redirect(row)
    row.enabled = "on" in request.POST
    row.save(update_fields=["enabled"])
    if row.enabled:
        said = _("%(host)s takes part in runs again.")
    else:
        said = _("%(host)s is left out of every run from now on.")
    messages.success(request, said % {"host": row})
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.delete_host", raise_exception=True)
def delete_host(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what goes with it, then do it; not while a run is open there."""
    row = get_object_or_404(Host, pk=pk)
    if request.method != "POST":
        attached = attached_to(row)
        context = {"host": row, "attached": attached, "shared": _links(attached.shared_schedules)}
        return render(request, "updates/host_delete.html", context)
    try:
        remove(row)
    except HostBusy as error:
        messages.error(request, str(error))
        return redirect(row)
    said = _("%(host)s was deleted. Nothing was done to its containers.")
    messages.success(request, said % {"host": row})
    return redirect("hosts")


def _links(schedules: Collection[Schedule]) -> SafeString:
    rows = ((one.get_absolute_url(), one) for one in schedules)
    return format_html_join(", ", '<a href="{}">{}</a>', rows)
