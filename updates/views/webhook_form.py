"""Add a webhook, change one, give it another secret, delete it."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from updates.audit.record import record
from updates.forms.webhook import WebhookForm
from updates.models import Webhook
from updates.models.audit import Deed
from updates.views.webhooks import whole_address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.add_webhook", raise_exception=True)
def add_webhook(request: HttpRequest) -> HttpResponse:
    """The answer to its form is the one page that shows the secret."""
    form = WebhookForm(request.POST or None)
    if form.is_bound and form.is_valid():
        row = form.save()
        return _secret(request, row, row.secret)
    return _form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.change_webhook", raise_exception=True)
def change_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Webhook.objects.defer("secret"), pk=pk)
    form = WebhookForm(request.POST or None, instance=row)
    if form.is_bound and form.is_valid():
        messages.success(request, _("%(name)s was changed.") % {"name": form.save()})
        may_see = request.user.has_perm("updates.view_webhook")
        return redirect(row if may_see else "dashboard")
    return _form(request, form, Webhook.objects.defer("secret").get(pk=pk))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.change_webhook", raise_exception=True)
def rotate_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first: the sender is shut out until it has the new one."""
    row = get_object_or_404(Webhook.objects.defer("secret"), pk=pk)
    if request.method != "POST":
        return render(request, "updates/webhook_rotate.html", {"webhook": row})
    secret = row.rotate()
    record(Deed.REVEALED, f"webhook {row}: a new secret")
    return _secret(request, row, secret)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.delete_webhook", raise_exception=True)
def delete_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Webhook.objects.defer("secret"), pk=pk)
    if request.method != "POST":
        return render(request, "updates/webhook_delete.html", {"webhook": row})
    row.delete()
    said = _("The webhook %(name)s was deleted. Its runs stay.")
    messages.success(request, said % {"name": row})
    return redirect("webhooks" if request.user.has_perm("updates.view_webhook") else "dashboard")


def _form(request: HttpRequest, form: WebhookForm, row: Webhook | None) -> HttpResponse:
    context = {"form": form, "webhook": row, "zones": sorted(available_timezones())}
    return render(request, "updates/webhook_form.html", context)


def _secret(request: HttpRequest, row: Webhook, secret: str) -> HttpResponse:
    address = whole_address(request, row)
    if row.sender.has_secret_in_address:
        address = f"{address}?secret={secret}"
    context = {"webhook": row, "address": address, "secret": secret}
    return render(request, "updates/webhook_secret.html", context)
