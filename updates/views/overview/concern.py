"""One thing that needs a person, with what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse

TONES = ("bad", "news", "busy")


@dataclass(frozen=True, slots=True)
class Act:
    """A link, or with `fields` a form that is sent. `right`: who lacks it is not offered it."""

    label: str
    address: str
    right: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at. `state` is its badge; without an `address` it is about settings."""

    state: str
    tone: str
    subject: str
    sentence: str
    address: str = ""
    act: Act | None = field(default=None)


def start(kind: str, label: str, **chosen: int) -> Act:
    """Start a scan or an update of a host or a container, by its key."""
    fields = (("kind", kind), *((name, str(pk)) for name, pk in chosen.items()))
    return Act(label, reverse("start-run"), "start_run", fields)


def for_person(concerns: Iterable[Concern], user: User | AnonymousUser) -> list[Concern]:
    """The worst first, each with the action only if the person may do it."""
    return [
        one if _may(user, one.act) else replace(one, act=None)
        for one in sorted(concerns, key=lambda concern: TONES.index(concern.tone))
    ]


def _may(user: User | AnonymousUser, act: Act | None) -> bool:
    return act is None or not act.right or user.has_perm(f"updates.{act.right}")
