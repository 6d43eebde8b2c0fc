"""Keep a container on its image, or one image away from it, once it was said what that means."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from updates.flow.links import version_of
from updates.forms.container_act import Act
from updates.models import Container
from updates.runs import holds
from updates.views.containers import wording


class WhyForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=1000,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("For whoever comes after you; shown on its page."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def hold_container(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """It stays on its image until somebody releases it."""
    return _asked(request, _row(pk, name), skips=False)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def skip_image(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The image that the registry has now is passed over; the next one is taken."""
    row = _row(pk, name)
    if not row.has_update or not row.remote_digest:
        why = _("There is no update for %(name)s that could be skipped.") % {"name": name}
        messages.error(request, why)
        return redirect(row)
    return _asked(request, row, skips=True)


def _row(pk: int, name: str) -> Container:
    return get_object_or_404(Container.objects.select_related("host"), host=pk, name=name)


def _asked(request: HttpRequest, row: Container, *, skips: bool) -> HttpResponse:
    form = WhyForm(request.POST if request.method == "POST" else None)
    user = request.user if isinstance(request.user, User) else None
    if form.is_valid():
        _do(row, form.cleaned_data["reason"] or "No reason was given.", user, skips=skips)
        skipped = _("This image is skipped. The next run goes by it.")
        messages.success(request, skipped if skips else wording.done(Act.HOLD, [row.name]))
        return redirect(row)
    context = {
        "form": form,
        "container": row,
        "host": row.host,
        "skips": skips,
        "version": version_of(row.labels),
    }
    return render(request, "updates/container_hold.html", context)


def _do(row: Container, why: str, user: User | None, *, skips: bool) -> None:
    if skips:
        holds.block_digest(row.host_id, row.name, row.remote_digest, why, user)
    else:
        holds.hold(row.host_id, row.name, why, user)
