"""Add a host, or change one; check a field as one leaves it; try what was typed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from updates.engine.probing.findings import Finding
from updates.forms.host import CHECKED_ALONE, HostPageForm, checked_alone
from updates.models import Host
from updates.runs.host_probe import try_out


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.add_host", raise_exception=True)
def add_host(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.change_host", raise_exception=True)
def change_host(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Host, pk=pk))


@never_cache
@require_POST
def check_host_field(request: HttpRequest, name: str, pk: int | None = None) -> HttpResponse:
    """The field alone, with what is wrong with what was typed there. Nothing is saved."""
    if not request.user.has_perm(f"updates.{'change' if pk else 'add'}_host"):
        raise PermissionDenied
    if name not in CHECKED_ALONE:
        raise Http404
    row = get_object_or_404(Host, pk=pk) if pk else None
    field = checked_alone(name, request.POST, row)
    return render(request, "updates/field.html", {"field": field})


def _edit(request: HttpRequest, row: Host | None) -> HttpResponse:
    """The form; saved, it leads to the host's page. "Test first" saves nothing."""
    if request.method != "POST":
        return _page(request, HostPageForm(instance=row), row)
    form = HostPageForm(request.POST, request.FILES, instance=row)
    if not form.is_valid():
        return _page(request, form, row)
    if "test" in request.POST:
        typed = form.save(commit=False)
        # Without its key: nothing is noted of an address that is not saved.
        tried = Host(url=typed.url, tls_ca=typed.tls_ca, tls_cert=typed.tls_cert)
        tried.tls_key = typed.tls_key
        return _page(request, form, row, try_out(tried))
    saved = form.save(commit=False)
    # A worker may have noted meanwhile how it is.
    saved.save(update_fields=list(HostPageForm.Meta.fields) if row else None)
    said = _("%(name)s was changed.") if row else _("%(name)s was added.")
    messages.success(request, said % {"name": saved})
    return redirect(f"{saved.get_absolute_url()}#test")


def _page(
    request: HttpRequest, form: HostPageForm, row: Host | None, findings: Sequence[Finding] = ()
) -> HttpResponse:
    # The row itself, as the database has it: a refused form has written into its instance.
    shown = Host.objects.filter(pk=row.pk).first() if row else None
    context: dict[str, Any] = {"form": form, "host": shown, "findings": findings}
    for name in CHECKED_ALONE:
        key = [name, row.pk] if row else [name]
        context[f"check_{name}"] = reverse("host-field", args=key)
    part = "#tried" if request.headers.get("HX-Request") else ""
    return render(request, f"updates/host_form.html{part}", context)
