"""Whose token a request carries."""

from django.http import HttpRequest

from updates.models import ApiToken

_SCHEME = "bearer "


def token_of(request: HttpRequest) -> ApiToken | None:
    """The usable API token in the request's Authorization header; None if there is none.

    "Bearer TOKEN" or the token alone, as Watchtower's callers send it. It is found by its hash:
    how long that takes tells nothing of the token.
    """
    value = request.headers.get("Authorization", "").strip()
    if value[: len(_SCHEME)].lower() == _SCHEME:
        value = value[len(_SCHEME) :].strip()
    return ApiToken.objects.presented(value)
