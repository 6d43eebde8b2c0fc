"""The ETag of what a page asks for again and again."""

from hashlib import sha256

from django.http import HttpRequest
from django.utils import translation

from updates.views.person import preference_of


def etag_of(request: HttpRequest, *facts: object) -> str:
    """Changes with any of the facts, and with who looks: rights, language and time zone."""
    zone = preference_of(request).time_zone
    seen = (request.user.pk, translation.get_language(), zone, facts)
    return f'"{sha256(repr(seen).encode()).hexdigest()[:32]}"'
