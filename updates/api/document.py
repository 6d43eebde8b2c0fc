"""The OpenAPI document: django-ninja's, with tokens, problems and headers put in."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from updates.api.conditional import unless_known
from updates.api.door import opened
from updates.api.once import HEADER
from updates.api.problems import CONTENT_TYPE, NAMES, Problem
from updates.api.v1 import api

_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "Made on the page “API access”, or with manage.py apitoken add.",
}
_PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "Stable: compare it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_ALWAYS = (400, 401, 403, 422)
_WITH_BODY = (409, 413, 415)
_STARTS = ("start_run", "roll_back")
_ONCE = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Of your choice: asking again with it within 24 hours gives the same run.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


@opened
def openapi(request: HttpRequest, **_: Any) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        raise Problem(405, "There is only GET here.", headers={"Allow": "GET, HEAD"})
    return unless_known(request, JsonResponse(document()))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document to read and to try, with what comes from this server alone."""
    operations = [
        {"method": method.upper(), "path": path, "summary": one["summary"]}
        for path, methods in document()["paths"].items()
        for method, one in methods.items()
    ]
    return render(request, "updates/api_docs.html", {"operations": operations})


def document() -> dict[str, Any]:
    return _document(reverse("api-root"))


@cache
def _document(root: str) -> dict[str, Any]:
    """`root` is the path that all addresses begin with."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=root))
    found["components"]["schemas"]["Problem"] = _PROBLEM
    found["components"]["securitySchemes"] = {"token": _BEARER}
    for path, methods in found["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    """Say what else may come back, who may ask, and which header helps."""
    operation["summary"] = operation["summary"].capitalize()
    operation["security"] = [{"token": []}]
    statuses = [*_ALWAYS, *(_WITH_BODY if "requestBody" in operation else ())]
    statuses += [404] if "{" in path else []
    if 202 in operation["responses"]:
        if operation["operationId"] in _STARTS:
            operation["parameters"].append(_ONCE)
        operation["responses"][202]["headers"] = {
            "Location": {"schema": {"type": "string"}, "description": "The run."}
        }
    if {202, 204} & operation["responses"].keys():
        statuses.append(409)
    for status in sorted(set(statuses)):
        operation["responses"][status] = {
            "description": NAMES[status].replace("-", " ").capitalize(),
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
