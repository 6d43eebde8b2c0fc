"""Act on many containers: first it is said what will happen, then it is done."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.flow.session import Kind, Params
from updates.forms.container_act import Act, ContainerActForm
from updates.models import Container, UpdateRun
from updates.runs import holds
from updates.triggers import NothingToDo, trigger_run
from updates.views.containers import wording
from updates.views.containers.columns import way_back
from updates.views.containers.forecast import Forecast, forecast
from updates.views.containers.narrowing import narrowed

# So many of each kind are named on the page that asks; the rest is counted.
NAMED = 100


@require_http_methods(["GET", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def act(request: HttpRequest) -> HttpResponse:
    """Of the boxes ticked, of `containers` (keys with commas), or of everything `query` finds."""
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was done yet: please press the button again."))
        return redirect("containers")
    form = ContainerActForm(request.POST)
    rows = _chosen(request.POST)
    if not form.is_valid():
        return _back(request, _("It was not said what to do, or the reason is too long."))
    if not rows:
        return _back(request, _("Select at least one container that is still there first."))
    found = forecast(form.chosen, rows)
    if not form.cleaned_data["confirmed"]:
        return _ask(request, form, found)
    if not found.done:
        return _back(request, _("Nothing is left to be done: look again."))
    return _do(request, form, [one.row for one in found.done])


def _ask(request: HttpRequest, form: ContainerActForm, found: Forecast) -> HttpResponse:
    parts = (("done", found.done), ("along", found.along), ("left", found.left))
    context = {
        "act": form.chosen,
        "form": form,
        "found": found,
        "parts": [
            (kind, wording.heading(form.chosen, kind), those[:NAMED], len(those))
            for kind, those in parts
        ],
        "question": wording.question(form.chosen, len(found.done)),
        "meaning": wording.meaning(form.chosen) if found.done else "",
        "keys": ",".join(str(one.row.pk) for one in found.done),
        "way_back": way_back(request),
        "has_reason": form.chosen in (Act.HOLD, Act.SKIP),
    }
    return render(request, "updates/container_act.html", context)


def _do(request: HttpRequest, form: ContainerActForm, rows: Sequence[Container]) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    if form.chosen in (Act.SCAN, Act.UPDATE):
        return _start(request, form.chosen, rows, user)
    reason = form.cleaned_data["reason"].strip()
    works: dict[Act, Callable[[], None]] = {
        Act.HOLD: lambda: holds.hold_all(rows, reason or f"{user} holds it.", user),
        Act.SKIP: lambda: holds.block_all(rows, reason or f"{user} skips this version.", user),
        Act.RELEASE: lambda: holds.release_all(rows),
    }
    works[form.chosen]()
    messages.success(request, wording.done(form.chosen, [row.name for row in rows]))
    return redirect(way_back(request))


def _start(
    request: HttpRequest, act: Act, rows: Sequence[Container], user: User | None
) -> HttpResponse:
    hosts = {row.host_id: row.host for row in rows}
    params = Params(
        kind=Kind(act),
        names=tuple(f"{row.host.name}/{row.name}" for row in rows),
        are_exact=True,
        # Whoever presses "Check now" wants to know how it is now.
        max_age_s=0 if act is Act.SCAN else settings.WATCHWEB_CHECK_WINDOW,
    )
    try:
        run = trigger_run(list(hosts.values()), params, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        return _back(request, str(error))
    return redirect(run)


def _chosen(given: QueryDict) -> list[Container]:
    if given.get("everything"):
        rows = narrowed(QueryDict(given.get("query", ""))).qs
    else:
        texts = [*given.getlist("container"), *given.get("containers", "").split(",")]
        keys = {int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 19}
        rows = narrowed(QueryDict()).qs.filter(pk__in=keys)
    return list(rows.defer("host__tls_key").order_by("host__name", "name"))


def _back(request: HttpRequest, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect(way_back(request))
