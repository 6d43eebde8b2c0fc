"""Add a registry, or change one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from updates.forms import RegistryForm
from updates.forms.registry import is_proposed, unjudged
from updates.models import Registry
from updates.views.alone import Alone

ALONE = Alone(RegistryForm, ("domain", "realm_hosts", "ca_pem"), "registry-field")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.add_registry", raise_exception=True)
def add_registry(request: HttpRequest) -> HttpResponse:
    """`?domain=` fills it in."""
    return _edit(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.change_registry", raise_exception=True)
def change_registry(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Registry, pk=pk))


@require_safe
def registry_fields(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The fields of signing in, worded for the kind in the address; nothing new is a 204.

    `?propose=1`: only if the domain tells a kind. No secret is in the address, or comes back.
    """
    if not request.user.has_perm(f"updates.{'change' if pk else 'add'}_registry"):
        raise PermissionDenied
    if "propose" in request.GET and not is_proposed(request.GET):
        return HttpResponse(status=204)
    row = get_object_or_404(Registry, pk=pk) if pk else None
    context = _context(unjudged(request.GET, row), row)
    return render(request, "updates/registry_form.html#sign_in", context)


def _edit(request: HttpRequest, row: Registry | None) -> HttpResponse:
    """The form; saved, it leads to the registry's page. "Show fields" only words it anew."""
    if request.method != "POST":
        form = RegistryForm(instance=row) if row else unjudged(request.GET)
    elif "show" in request.POST:
        form = unjudged(request.POST, row)
    else:
        form = RegistryForm(request.POST, instance=row)
        if form.is_valid():
            saved = form.save()
            said = _("%(name)s was changed.") if row else _("%(name)s was added.")
            messages.success(request, said % {"name": saved})
            is_visible = request.user.has_perm("updates.view_registry")
            return redirect(saved if is_visible else "dashboard")
    # The row itself, as the database has it: a refused form has written into its instance.
    shown = Registry.objects.filter(pk=row.pk).first() if row else None
    return render(request, "updates/registry_form.html", _context(form, shown))


def _context(form: RegistryForm, row: Registry | None) -> dict[str, Any]:
    address = reverse("registry-fields", args=[row.pk] if row else [])
    context = {"form": form, "registry": row, "fields_address": address}
    return context | ALONE.addresses(row.pk if row else None)
