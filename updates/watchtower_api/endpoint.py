"""What every endpoint has in common: who may ask, by which method, how big, and its refusals."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from updates.models.api_token import Scope
from updates.watchtower_api import callers
from updates.watchtower_api.answers import Refused, refusal
from updates.watchtower_api.callers import Caller

MAX_BODY_BYTES = 1 << 20
_UNKNOWN = "The API token is missing, wrong, revoked or expired."
_NOT_ENOUGH = "This token, or its owner's rights, do not reach so far: scope {} is needed."

type View = Callable[..., HttpResponseBase]
type Identify = Callable[[HttpRequest], Caller | None]


def header_or_cookie(request: HttpRequest) -> Caller | None:
    """For what changes nothing."""
    if "Authorization" in request.headers:
        return callers.by_header(request)
    return callers.by_cookie(request)


def endpoint(
    *methods: str, scope: Scope = Scope.READ, identify: Identify = header_or_cookie
) -> Callable[[View], View]:
    """Make a view of (request, caller) an endpoint; what it refuses is answered as JSON.

    Its callers bring a token, so no session counts, and no form's token is asked for.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def answered(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            try:
                caller = _admitted(request, identify, scope)
                _check(request, methods)
                return view(request, caller, **parts)
            except Refused as refused:
                return refusal(refused)

        return answered

    return decorate


def _admitted(request: HttpRequest, identify: Identify, scope: Scope) -> Caller:
    caller = identify(request)
    if caller is None:
        raise Refused(401, _UNKNOWN, WWW_Authenticate="Bearer")
    request.caller = caller  # type: ignore[attr-defined]
    if not caller.allows(scope):
        raise Refused(403, _NOT_ENOUGH.format(scope.value))
    return caller


def _check(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if methods and request.method not in methods:
        allowed = ", ".join(methods)
        raise Refused(405, f"This path takes {allowed}, not {request.method}.", Allow=allowed)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        raise Refused(413, "The body is larger than 1 MiB; no body is needed.")
    for name, values in request.GET.lists():
        if "\0" in "".join([name, *values]):
            raise Refused(400, "A parameter holds a NUL character.")
