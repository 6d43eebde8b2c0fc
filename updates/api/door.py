"""What every request to the API passes, in this order.

    401  who is it?
    405  is there something to do by this method?
    403  does the token reach so far, has its owner the right?
    415, 413, 400, 422  can be read what was sent?
    304  has the caller got it already?

Only then does an operation see it. Whatever it raises leaves as a problem.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from ninja.operation import Operation, PathView

from updates.api.bodies import check_body, is_unkeepable
from updates.api.caller import ApiRequest, caller_of
from updates.api.conditional import unless_known
from updates.api.problems import Problem, invalid, not_found
from updates.models.api_token import Scope

type View = Callable[..., HttpResponse]
_BODILESS = ("GET", "HEAD", "DELETE")


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation takes of its caller."""

    scope: Scope
    rights: tuple[str, ...] = ()


def needs[Made: Callable[..., Any]](scope: Scope, *rights: str) -> Callable[[Made], Made]:
    """Say what an operation takes; without it, it takes the scope to read."""

    def marked(function: Made) -> Made:
        function.__dict__["need"] = Need(scope, rights)
        return function

    return marked


def need_of(operation: Operation) -> Need:
    return cast(Need, getattr(operation.view_func, "need", Need(Scope.READ)))


def door_to(place: PathView) -> View:
    """The view of one address with all its operations."""
    operations = {method: one for one in place.operations for method in one.methods}
    allowed = sorted({*operations, *(["HEAD"] if "GET" in operations else [])})

    def view(request: ApiRequest, **path: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        operation = operations.get(method)
        if operation is None:
            sentence = f"There is no {request.method} here, but {', '.join(allowed)}."
            raise Problem(405, sentence, headers={"Allow": ", ".join(allowed)})
        need = need_of(operation)
        request.caller.require(need.scope, *need.rights)
        if method not in _BODILESS:
            check_body(request)
        _check_query(request, _known_parameters(operation))
        answer = cast(HttpResponse, operation.run(request, **path))
        return unless_known(request, answer) if method == "GET" else answer

    return opened(view)


def opened(view: View) -> View:
    """A view behind the door: no login page, no session's form; a problem where it fails."""

    @login_not_required
    @csrf_exempt
    def door(request: HttpRequest, **path: Any) -> HttpResponse:
        try:
            came = cast(ApiRequest, request)
            came.caller = caller_of(request)
            request.user = came.caller.user
            answer = view(came, **path)
        except Problem as problem:
            answer = problem.response()
        except SuspiciousOperation:
            answer = Problem(400, "This request cannot be read.").response()
        if request.method == "HEAD":
            answer.headers["Content-Length"] = str(len(answer.content))
            answer.content = b""
        patch_cache_control(answer, private=True, no_cache=True)
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        return answer

    return door


@opened
def nowhere(request: HttpRequest, **_: Any) -> HttpResponse:
    """Every address that is none."""
    raise not_found("such address in the API; GET /api/v1/openapi.json names them all")


def _known_parameters(operation: Operation) -> set[str]:
    queries = (one for one in operation.models if one.__ninja_param_source__ == "query")
    return {name for one in queries for name in one.__ninja_flatten_map__}


def _check_query(request: HttpRequest, known: Collection[str]) -> None:
    """A filter that is misspelt would show everything. Raises Problem 422."""
    faults = [
        {"field": name, "message": "There is no such parameter."}
        for name in request.GET
        if name not in known
    ]
    faults += [
        {"field": name, "message": "There is NUL or half a character in it."}
        for name, values in request.GET.lists()
        if name in known and any(map(is_unkeepable, values))
    ]
    if faults:
        raise invalid(faults)
