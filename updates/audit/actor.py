"""Who acts just now, for as long as a request or a command takes. Workers act for nobody."""

import getpass
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from updates.models.audit import Origin

_API = ("api/", "v1/")


@dataclass(frozen=True, slots=True)
class Actor:
    """`token` is the API token's name, `address` the IP address; each "" where there is none."""

    username: str
    origin: Origin
    token: str = ""
    address: str = ""


# Made when it is asked for: who a request comes from is known only after it has begun.
_at_hand: ContextVar[Callable[[], Actor] | None] = ContextVar("actor", default=None)


def actor() -> Actor | None:
    """Whoever acts in this thread; None: nobody, it is a worker's own doing."""
    make = _at_hand.get()
    return make() if make else None


@contextmanager
def acting(make: Callable[[], Actor]) -> Iterator[None]:
    """What is recorded inside is this actor's doing."""
    before = _at_hand.set(make)
    try:
        yield
    finally:
        _at_hand.reset(before)


class ActorMiddleware:
    """Whoever sends a request acts while it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(lambda: of_request(request)):
            return self.get_response(request)


def of_request(request: HttpRequest) -> Actor:
    """Who sent it, by what is known of it by now."""
    caller = getattr(request, "caller", None)  # The API's door has seen who it is.
    user = getattr(caller, "user", None) or request.user
    token = getattr(caller, "token", None)
    return Actor(
        username=user.get_username(),
        origin=_origin(request),
        token=token.name if token else "",
        address=_address(request),
    )


def of_command() -> Actor:
    """Whoever is logged in to the machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # A container's user may have no name.
        name = ""
    return Actor(name, Origin.COMMAND)


def _origin(request: HttpRequest) -> Origin:
    match = request.resolver_match
    if match is None:
        return Origin.PAGE
    if match.app_name == "admin":
        return Origin.ADMIN
    return Origin.API if match.route.startswith(_API) else Origin.PAGE


def _address(request: HttpRequest) -> str:
    """Behind a proxy, which WATCHWEB_HTTPS says there is, the address that the proxy saw."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or seen
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return ""
