"""Where a person can go: the menu of every page, the command palette, and the shortcuts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the menu. `key` follows "g" on the keyboard; `stems` begin the names of the
    addresses that count as being there; `right`: who lacks it does not see the place. Those in
    the group "" are not in the menu itself, but behind the person's name below it."""

    group: "str | StrPromise"
    name: str
    label: "str | StrPromise"
    icon: str
    key: str
    stems: tuple[str, ...] = field(default=())
    right: str = ""

    @property
    def address(self) -> str:
        return reverse(self.name)

    def is_open_to(self, user: User | AnonymousUser) -> bool:
        if self.right == "staff":
            return user.is_staff
        return not self.right or user.has_perm(f"updates.{self.right}")

    def is_here(self, url_name: str) -> bool:
        return url_name == self.name or any(url_name.startswith(stem) for stem in self.stems)


PLACES = (
    Place(_("Fleet"), "dashboard", _("Overview"), "layout-dashboard", "o"),
    Place(_("Fleet"), "containers", _("Containers"), "box", "c", ("container",)),
    Place(_("Fleet"), "hosts", _("Hosts"), "server", "h", ("host", "update-itself")),
    Place(_("Fleet"), "runs", _("Runs"), "history", "r", ("run",)),
    Place(
        _("Fleet"),
        "registries",
        _("Registries"),
        "warehouse",
        "i",
        ("registr", "tokens"),
        "view_registry",
    ),
    Place(
        _("Automation"),
        "schedules",
        _("Schedules"),
        "calendar-clock",
        "s",
        ("schedule",),
        "view_schedule",
    ),
    Place(
        _("Automation"), "channels", _("Notifications"), "bell", "n", ("channel",), "view_channel"
    ),
    Place(_("Automation"), "webhooks", _("Webhooks"), "webhook", "w", ("webhook",), "view_webhook"),
    Place(_("System"), "settings", _("Settings"), "sliders-horizontal", "e", (), "view_policy"),
    Place(
        _("System"), "audit", _("Audit trail"), "scroll-text", "u", ("audit",), "view_auditentry"
    ),
    Place(_("System"), "api-tokens", _("API access"), "key-round", "k", ("api-token",)),
    Place("", "welcome", _("First steps"), "footprints", "f"),
    Place("", "admin:index", _("Admin"), "shield", "a", (), "staff"),
)


def open_places(user: User | AnonymousUser) -> Iterator[Place]:
    return (place for place in PLACES if place.is_open_to(user))


def menu(request: HttpRequest) -> dict[str, Any]:
    """A context processor: the groups of the menu, what is behind the person's name, and the place
    that the page belongs to.

    They are made when a template asks: a part of a page that htmx fetches has no menu.
    """
    return {
        "places": partial(_groups, request),
        "own_places": partial(_own, request),
        "here": partial(_here, request),
    }


def _groups(request: HttpRequest) -> "list[tuple[str | StrPromise, list[Place]]]":
    groups = groupby(open_places(_user(request)), key=lambda place: place.group)
    return [(group, list(places)) for group, places in groups if group]


def _own(request: HttpRequest) -> list[Place]:
    return [place for place in open_places(_user(request)) if not place.group]


def _user(request: HttpRequest) -> User | AnonymousUser:
    return getattr(request, "user", AnonymousUser())


def _here(request: HttpRequest) -> Place | None:
    match = request.resolver_match
    url_name = (match.url_name or "") if match else ""
    return next((place for place in PLACES if place.is_here(url_name)), None)
