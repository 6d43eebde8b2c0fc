"""Who looks at a page: their time zone counts, and their theme."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from updates.models import Preference


def preference_of(request: HttpRequest) -> Preference:
    """Their row, or one with the defaults that is not saved yet; read once a request."""
    found: Preference | None = getattr(request, "preference", None)
    if found is None:
        found = _read(request)
        request.preference = found  # type: ignore[attr-defined]
    return found


def taste(request: HttpRequest) -> dict[str, Any]:
    """A context processor."""
    return {"preference": preference_of(request)}


class PersonMiddleware:
    """Times are shown in the person's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = preference_of(request).time_zone
        if not name:
            return self.get_response(request)
        with timezone.override(ZoneInfo(name)):
            return self.get_response(request)


def _read(request: HttpRequest) -> Preference:
    user = getattr(request, "user", None)  # There is none yet where the host name is refused.
    if user is None or not user.is_authenticated:
        return Preference()
    return Preference.objects.filter(user=user).first() or Preference(user=user)
