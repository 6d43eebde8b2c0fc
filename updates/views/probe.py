"""Test the connection to a registry, step by step, as a check would make it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from updates.forms import ImageForm
from updates.models import Registry
from updates.runs.probe import findings
from updates.views.registry import page_context


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required(("updates.view_registry", "updates.change_registry"), raise_exception=True)
def probe_registry(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps alone when htmx asks, else the whole page with them in it."""
    row = get_object_or_404(Registry, pk=pk)
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was tested yet: please press the button again."))
        return redirect(row)
    form = ImageForm(row, request.POST)
    found = list(findings(row, form.reference)) if form.is_valid() else []
    if "HX-Request" in request.headers:
        context = {"registry": row, "form": form, "findings": found}
        return render(request, "updates/registry.html#test", context)
    return render(request, "updates/registry.html", page_context(request, row, form, found))
