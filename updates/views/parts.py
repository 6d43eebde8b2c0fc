"""Pages whose list is answered alone when htmx asks for it."""

from django.http import HttpRequest


def is_part(request: HttpRequest) -> bool:
    """True if htmx asks, but not for a page that one goes back to: that has to be whole."""
    is_restored = "HX-History-Restore-Request" in request.headers
    return "HX-Request" in request.headers and not is_restored
