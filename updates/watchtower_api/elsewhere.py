"""Any other path below /v1/."""

from django.http import HttpRequest, HttpResponse

from updates.watchtower_api.answers import Refused
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.endpoint import endpoint


@endpoint()
def elsewhere(_request: HttpRequest, _caller: Caller, path: str) -> HttpResponse:
    raise Refused(404, f"There is no /v1/{path}.")
