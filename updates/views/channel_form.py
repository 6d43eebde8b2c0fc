"""Add a channel, change one, see how its messages read, send a test, delete it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from updates.forms.channel import ChannelForm, PreviewForm
from updates.models import Channel
from updates.notifications.outbox import queue_test
from updates.notifications.presets import PRESETS
from updates.notifications.preview import message_about
from updates.notifications.rendering import Message
from updates.notifications.tasks import send


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.add_channel", raise_exception=True)
def add_channel(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.change_channel", raise_exception=True)
def change_channel(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Channel, pk=pk))


def _edit(request: HttpRequest, row: Channel | None) -> HttpResponse:
    """The form; "Preview" shows the text beside it and saves nothing."""
    is_preview = "preview" in request.POST
    form = ChannelForm(request.POST or None, instance=row)
    if request.method == "POST" and not is_preview and form.is_valid():
        saved = form.save()
        said = _("%(name)s was changed.") if row else _("%(name)s was added.")
        messages.success(request, said % {"name": saved})
        is_visible = request.user.has_perm("updates.view_channel")
        return redirect(saved if is_visible else "dashboard")
    choice = PreviewForm(request.POST if is_preview else None)
    shown = Channel.objects.filter(pk=row.pk).first() if row else None
    context = {
        "form": form,
        "channel": shown,
        "choice": choice,
        "presets": [(preset.label, text) for preset, text in PRESETS.items()],
        "message": _preview(form, choice) if is_preview or row else None,
        "is_preview": is_preview,
    }
    return render(request, "updates/channel_form.html", context)


@never_cache
@require_POST
def preview_channel(request: HttpRequest) -> HttpResponse:
    """The text alone, for htmx, from what was typed so far. Nothing is saved."""
    if not any(request.user.has_perm(f"updates.{verb}_channel") for verb in ("add", "change")):
        raise PermissionDenied
    form, choice = ChannelForm(request.POST), PreviewForm(request.POST)
    context = {"form": form, "choice": choice, "message": _preview(form, choice)}
    return render(request, "updates/channel_form.html#message", context)


def _preview(form: ChannelForm, choice: PreviewForm) -> Message | None:
    """How a message about the chosen run reads; None when there is no run to show."""
    run = choice.chosen()
    if run is None:
        return None
    typed = {
        name: form[name].value() or "" for name in ("preset", "title", "template", "containers")
    }
    if typed["preset"] not in Channel.Preset.values:
        typed["preset"] = Channel.Preset.SHORT
    return message_about(Channel(**typed), run)


@never_cache
@require_POST
@permission_required("updates.change_channel", raise_exception=True)
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """A worker sends it; the channel's page shows what became of it."""
    row = get_object_or_404(Channel.objects.defer("url"), pk=pk)
    send.enqueue(queue_test(row).pk)
    messages.success(request, _("A test is on its way; what becomes of it shows below."))
    return redirect(row)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.delete_channel", raise_exception=True)
def delete_channel(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Channel.objects.defer("url"), pk=pk)
    if request.method != "POST":
        context = {"channel": row, "waiting": row.notices.filter(delivery=None).count()}
        return render(request, "updates/channel_delete.html", context)
    row.delete()
    messages.success(request, _("%(name)s was deleted.") % {"name": row})
    return redirect("channels" if request.user.has_perm("updates.view_channel") else "dashboard")
