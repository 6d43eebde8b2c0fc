"""What an update of a container would change, looked at before it is started."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from updates.flow.blockers import BlockerKind
from updates.flow.difference import difference
from updates.flow.lifecycle import hook
from updates.flow.links import links_of, version_of
from updates.flow.session import Kind, Params, Step
from updates.models import Container, Hold, UpdateRun
from updates.runs import holds
from updates.runs.contents import Pair, known_pair, read_pair
from updates.runs.dependants import dependants_of
from updates.runs.standing import Standing, reference_of, standing_of
from updates.triggers import NothingToDo, trigger_run
from updates.views.container import find
from updates.views.lifting import with_places

_HOOKS = (Step.PRE_CHECK, Step.PRE_UPDATE, Step.POST_UPDATE, Step.POST_CHECK)
MOVED_ON = gettext_noop(
    "The registry has another image by now: look at what it changes, and press once more."
)


@require_http_methods(["GET", "HEAD", "POST"])
def update_container(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """What would happen; a POST starts it. Who may only look sees no button."""
    row = _row(pk, name)
    held = list(Hold.objects.of(pk, name).select_related("user"))
    standing = standing_of(row, held)
    if request.method == "POST":
        return _start(request, row, held, standing)
    context = _context(request, row, standing) | _images(row, known_pair(row))
    return render(request, "updates/container_update.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("updates.start_run", raise_exception=True)
def look_into_images(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Ask the registry what the two images hold; that part alone when htmx asks."""
    row = _row(pk, name)
    place = reverse("container-update", args=[pk, name])
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was asked yet: please press the button again."))
        return redirect(place)
    context = _images(row, read_pair(row))
    if "HX-Request" in request.headers:
        return render(request, "updates/container_update.html#contents", context)
    held = list(Hold.objects.of(pk, name).select_related("user"))
    context |= _context(request, row, standing_of(row, held))
    return render(request, "updates/container_update.html", context)


def _row(pk: int, name: str) -> Container:
    row = find(pk, name)
    if row is None:
        raise Http404
    return row


def _context(request: HttpRequest, row: Container, standing: Standing) -> dict[str, Any]:
    counting = standing.effective.settings
    hooks = [found for step in _HOOKS if (found := hook(step, counting))]
    in_the_way = standing.in_the_way
    busy = [one for one in standing.blockers if one.kind is BlockerKind.BUSY]
    shown = with_places(standing, row, request.user)
    return {
        "blockers": [one for one in shown if one.blocker in (*in_the_way, *busy)],
        "is_approval": bool(in_the_way),
        "may_start": row.has_update
        and standing.is_startable
        and request.user.has_perm("updates.start_run"),
        "dependants": dependants_of(row, uses_compose=counting.use_compose_depends_on),
        "hooks": hooks,
        "settings": standing.effective.explained(with_defaults=False),
        "counting": counting,
    }


def _images(row: Container, pair: Pair) -> dict[str, Any]:
    """What the record knows of the image it has, and of the one it would get."""
    labels = dict(pair.new.config.get("Labels") or {}) if pair.new else {}
    return {
        "container": row,
        "host": row.host,
        "version": version_of(row.labels),
        "new_version": version_of(labels),
        "pair": pair,
        "difference": difference(pair.old, pair.new) if pair.old and pair.new else None,
        "links": links_of(labels, reference_of(row)) if pair.new else [],
        "errors": sorted(set(pair.errors.values())),
    }


def _start(
    request: HttpRequest, row: Container, held: list[Hold], standing: Standing
) -> HttpResponse:
    """Start it; an approval lifts the block of this image, and goes past its cooldown."""
    if not request.user.has_perm("updates.start_run"):
        raise PermissionDenied
    place = reverse("container-update", args=[row.host_id, row.name])
    in_the_way = standing.in_the_way
    if not row.has_update or not standing.is_startable:
        nothing = _("There is no update for %(name)s.") % {"name": row.name}
        messages.error(request, in_the_way[0].sentence if in_the_way else nothing)
        return redirect(place)
    if request.POST.get("digest", "") != row.remote_digest:
        messages.error(request, _(MOVED_ON))
        return redirect(place)
    for one in held if in_the_way else ():
        if one.digest and one.digest == row.remote_digest:
            holds.lift(one)
    return _run(request, row, is_approval=bool(in_the_way))


def _run(request: HttpRequest, row: Container, *, is_approval: bool) -> HttpResponse:
    switches = {"cooldown_delay": 0} if is_approval else {}
    params = Params(
        Kind.UPDATE,
        (f"{row.host.name}/{row.name}",),
        switches,
        are_exact=True,
        max_age_s=settings.WATCHWEB_CHECK_WINDOW,
    )
    user = request.user if isinstance(request.user, User) else None
    try:
        run = trigger_run([row.host], params, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
        return redirect(row)
    return redirect(run)
