"""A fault of ours: a page for people, a problem for programs, and no detail for either."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.defaults import server_error as page

from updates.api.problems import Problem


def server_error(request: HttpRequest) -> HttpResponse:
    """What Django shows when a view failed; the log has what happened."""
    if request.path.startswith(reverse("api-root")):
        return Problem(500, "Watchweb failed at this; its log says why.").response()
    return page(request)
