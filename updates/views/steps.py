"""The first steps of an installation, and how far a person has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from updates.models import Channel, Container, Host, Preference, Registry, Schedule, UpdateRun

OPTIONAL = ("registry", "schedule", "notification")
DISMISSED = "rest"  # Among what was put off: the page does not come by itself any more.


class StepState(StrEnum):
    DONE = gettext_noop("done")
    RUNNING = gettext_noop("running")
    WAITS = gettext_noop("waits")
    TO_DO = gettext_noop("to do")
    SKIPPED = gettext_noop("skipped")


@dataclass(frozen=True, slots=True)
class FirstStep:
    """`right` is what the step needs. `is_next`: it is the one to do now."""

    name: str
    title: str
    icon: str
    state: StepState
    may: bool
    is_next: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in (StepState.DONE, StepState.SKIPPED)

    @property
    def may_skip(self) -> bool:
        return self.state is StepState.TO_DO and self.name in OPTIONAL

    @property
    def tone(self) -> str:
        tones = {StepState.DONE: "good", StepState.RUNNING: "busy"}
        return tones.get(self.state, "quiet")


_STEPS = (
    ("host", gettext_noop("Add your first host"), "server", "add_host"),
    ("registry", gettext_noop("Sign in to a registry"), "warehouse", "add_registry"),
    ("scan", gettext_noop("Scan your hosts"), "radar", "start_run"),
    ("schedule", gettext_noop("Set a schedule"), "calendar-clock", "add_schedule"),
    ("notification", gettext_noop("Get notified"), "bell", "add_channel"),
)


def steps_of(user: User | AnonymousUser, preference: Preference) -> list[FirstStep]:
    """All of them in their order. Six statements."""
    found = _found()
    put_off = preference.put_off.split()
    steps: list[FirstStep] = []
    has_next = False
    for name, title, icon, right in _STEPS:
        state = _state(name, found, put_off)
        is_next = not has_next and state in (StepState.TO_DO, StepState.RUNNING)
        has_next = has_next or is_next
        may = user.has_perm(f"updates.{right}")
        steps.append(FirstStep(name, _(title), icon, state, may, is_next))
    return steps


def is_first_run(hosts: Sequence[Any], preference: Preference) -> bool:
    """Whether nothing was scanned yet, of hosts with their `container_count`."""
    if DISMISSED in preference.put_off.split():
        return False
    return not any(host.scanned_at or host.container_count for host in hosts)


def put_off(preference: Preference, name: str, *, is_off: bool) -> None:
    """Remember that a person skips a step, or takes it up again."""
    names = set(preference.put_off.split()) - {name}
    preference.put_off = " ".join(sorted(names | ({name} if is_off else set())))
    preference.save()


def _state(name: str, found: Mapping[str, bool], put_off: Sequence[str]) -> StepState:
    if found[name]:
        return StepState.DONE
    if name == "scan" and found["run"]:
        return StepState.RUNNING
    if name in put_off:
        return StepState.SKIPPED
    return StepState.WAITS if name == "scan" and not found["host"] else StepState.TO_DO


def _found() -> dict[str, bool]:
    """What is there of each step; `run`: a first scan is on its way."""
    is_scanned = Host.objects.exclude(scanned_at=None).exists() or Container.objects.exists()
    known = ~Q(fingerprint="") | ~Q(ca_pem="") | ~Q(client_cert="")
    return {
        "host": Host.objects.exists(),
        "registry": Registry.objects.filter(known).exists(),
        "scan": is_scanned,
        "schedule": Schedule.objects.exists(),
        "notification": Channel.objects.exists(),
        "run": UpdateRun.objects.open().exists(),
    }
