"""Add a host, or change one; check a field as one leaves it; try what was typed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from updates.engine.probing.findings import Finding
from updates.forms.host import HostPageForm
from updates.models import Host
from updates.runs.host_probe import try_out
from updates.views.alone import Alone

ALONE = Alone(HostPageForm, ("name", "url", "queue", "tls_ca"), "host-field")


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
    context |= ALONE.addresses(row.pk if row else None)
    part = "#tried" if request.headers.get("HX-Request") else ""
    return render(request, f"updates/host_form.html{part}", context)
