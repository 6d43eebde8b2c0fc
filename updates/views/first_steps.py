"""The first steps: they walk a person through an empty installation, each in its place."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_http_methods, require_safe

from updates.flow.session import Kind, Params
from updates.forms.first_steps import LOCAL, FirstHostForm, FirstScheduleForm
from updates.models import Host, UpdateRun
from updates.triggers import NothingToDo, trigger_run
from updates.views.etags import etag_of
from updates.views.person import preference_of
from updates.views.steps import (
    DISMISSED,
    OPTIONAL,
    FirstStep,
    StepState,
    is_first_run,
    put_off,
    steps_of,
)

HOSTS_NAMED = 5
_WALKS = "walks"  # In the session: the pages that steps lead to have a way back.
_LED_TO = {
    *("host-add", "host", "registry-add", "registry", "registries-import", "registries"),
    *("schedule-add", "schedules", "channel-add", "channel"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The steps; `do` in the form is what to do, for a step or about it."""
    if request.method != "POST":
        return first_steps_of(request)
    do = _DOERS.get(request.POST.get("do", ""))
    return do(request) if do else redirect("welcome")


def steps_etag(request: HttpRequest) -> str:
    return etag_of(request, [(step.name, step.state, step.may) for step in _steps(request)])


@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=steps_etag)
def welcome_steps(request: HttpRequest) -> HttpResponse:
    """The steps alone, while the first scan runs."""
    return render(request, "updates/welcome.html#steps", _context(request))


def first_steps_of(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The page; `forms` that were sent and refused."""
    context = _context(request) | forms
    if not context["is_all"] and not request.session.get(_WALKS):
        request.session[_WALKS] = True
    elif context["is_all"]:
        request.session.pop(_WALKS, None)
    return render(request, "updates/welcome.html", context)


def is_untouched(request: HttpRequest, hosts: Sequence[Any]) -> bool:
    """Whether the steps stand in for the overview."""
    return is_first_run(hosts, preference_of(request))


def walk(request: HttpRequest) -> dict[str, Any]:
    """A context processor: whether the page has a way back to the first steps."""
    session, match = getattr(request, "session", None), request.resolver_match
    is_led_to = match is not None and match.url_name in _LED_TO
    return {"walks": is_led_to and bool(session and session.get(_WALKS))}


def end_walk(request: HttpRequest) -> None:
    """Whoever has come to the overview needs no way back."""
    if request.session.get(_WALKS):
        request.session.pop(_WALKS)


def _steps(request: HttpRequest) -> list[FirstStep]:
    return steps_of(request.user, preference_of(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    steps = _steps(request)
    hosts = list(Host.objects.values_list("name", "last_error"))
    named = hosts[:HOSTS_NAMED]
    return {
        "steps": steps,
        "done_count": sum(step.is_over for step in steps),
        "is_all": all(step.is_over for step in steps),
        "is_running": any(step.state is StepState.RUNNING for step in steps),
        "is_dismissed": DISMISSED in preference_of(request).put_off.split(),
        "host_form": FirstHostForm(initial=LOCAL),
        "schedule_form": FirstScheduleForm(),
        "hosts": hosts,
        "host_names": format_html_join(", ", "<b>{}</b>", ((name,) for name, error in named)),
        "more_hosts": len(hosts) - len(named),
    }


def _add_host(request: HttpRequest) -> HttpResponse:
    _need(request, "add_host")
    form = FirstHostForm(request.POST)
    if not form.is_valid():
        return first_steps_of(request, host_form=form)
    messages.success(request, _("The host %(name)s was added.") % {"name": form.save()})
    return redirect("welcome")


def _scan(request: HttpRequest) -> HttpResponse:
    _need(request, "start_run")
    user = request.user if isinstance(request.user, User) else None
    params = Params(kind=Kind.SCAN, max_age_s=0)
    try:
        trigger_run(list(Host.objects.enabled()), params, source=UpdateRun.Trigger.PAGE, user=user)
    except NothingToDo as error:
        messages.error(request, str(error))
    return redirect("welcome")


def _plan(request: HttpRequest) -> HttpResponse:
    _need(request, "add_schedule")
    form = FirstScheduleForm(request.POST)
    if not form.is_valid():
        return first_steps_of(request, schedule_form=form)
    row = form.save()
    messages.success(request, f"{row}: {row.words}.")
    return redirect("welcome")


def _skip(request: HttpRequest) -> HttpResponse:
    return _put_off(request, is_off=True)


def _take_up(request: HttpRequest) -> HttpResponse:
    return _put_off(request, is_off=False)


def _put_off(request: HttpRequest, *, is_off: bool) -> HttpResponse:
    name = request.POST.get("step", "")
    if name in OPTIONAL:
        put_off(preference_of(request), name, is_off=is_off)
    return redirect("welcome")


def _dismiss(request: HttpRequest) -> HttpResponse:
    """The menu leads back to them."""
    put_off(preference_of(request), DISMISSED, is_off=True)
    end_walk(request)
    return redirect("dashboard")


def _leave(request: HttpRequest) -> HttpResponse:
    end_walk(request)
    place = request.POST.get("next", "")
    return redirect(place if url_has_allowed_host_and_scheme(place, None) else "dashboard")


def _need(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(f"updates.{right}"):
        raise PermissionDenied


_DOERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "host": _add_host,
    "scan": _scan,
    "schedule": _plan,
    "skip": _skip,
    "take up": _take_up,
    "dismiss": _dismiss,
    "leave": _leave,
}
