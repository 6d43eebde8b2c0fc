"""Who looks at a page: their language and time zone count, and their theme."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from updates.models import Preference

# What answers here is read by scripts.
FOR_PROGRAMS = ("/api/", "/v1/", "/hooks/", "/metrics", "/healthz", "/readyz")


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
    """Pages speak the person's language, and tell times in their zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with _language(request) as code, _zone(request):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


@contextmanager
def _language(request: HttpRequest) -> Iterator[str]:
    """The one chosen, or one that the browser asks for. Programs get English."""
    code = settings.LANGUAGE_CODE
    if not request.path_info.startswith(FOR_PROGRAMS):
        chosen = preference_of(request).language
        is_there = chosen in dict(settings.LANGUAGES)
        code = chosen if is_there else translation.get_language_from_request(request)
    with translation.override(code):
        yield code


def _zone(request: HttpRequest) -> AbstractContextManager[None]:
    name = preference_of(request).time_zone
    return timezone.override(ZoneInfo(name)) if name else nullcontext()


def _read(request: HttpRequest) -> Preference:
    user = getattr(request, "user", None)  # There is none yet where the host name is refused.
    if user is None or not user.is_authenticated:
        return Preference()
    return Preference.objects.filter(user=user).first() or Preference(user=user)
