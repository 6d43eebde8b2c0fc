"""The REST API: its resources put together, its document, its addresses."""

from collections.abc import Iterator
from typing import Any, NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from updates.api import acts, containers, hosts, registries, results, runs
from updates.api.bodies import JsonParser
from updates.api.door import door_to
from updates.api.faults import of_parameters
from updates.api.problems import Problem, not_found

VERSION = "1"
ABOUT = (
    "Hosts, registries, containers and runs. Every request carries an API token: "
    "Authorization: Bearer ww_…"
)
_ROUTERS = (hosts.router, registries.router, containers.router, acts.router, runs.router)


class _Api(NinjaAPI):
    """Whose operations are called as their functions are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = _Api(
    title="Watchweb",
    version=VERSION,
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    parser=JsonParser(),
)
for router in (*_ROUTERS, results.router):
    api.add_router("", router)


def addresses() -> Iterator[URLPattern]:
    """Each address with the door in front of its operations."""
    for bound in api._get_bound_routers():
        for route, place in bound.path_operations.items():
            name = getattr(place.operations[0], "url_name", "")
            pattern = route.lstrip("/").replace("{", "<").replace("}", ">")
            yield path(pattern, door_to(place), name=name or None)


def _raise(_: HttpRequest, error: Any) -> NoReturn:
    """Django notes it and answers with its own 500."""
    raise error


def _problem(_: HttpRequest, error: Any) -> HttpResponse:
    return error.response()  # type: ignore[no-any-return]


def _invalid(_: HttpRequest, error: Any) -> HttpResponse:
    return of_parameters(error.errors).response()


def _missing(_: HttpRequest, error: Any) -> HttpResponse:
    return not_found("such thing here").response()


def _malformed(_: HttpRequest, error: Any) -> HttpResponse:
    """The parser's own problem is what django-ninja wraps."""
    cause = error.__cause__
    return (cause if isinstance(cause, Problem) else Problem(400, str(error))).response()


api.add_exception_handler(Exception, _raise)
api.add_exception_handler(Problem, _problem)
api.add_exception_handler(ValidationError, _invalid)
api.add_exception_handler(Http404, _missing)
api.add_exception_handler(HttpError, _malformed)
