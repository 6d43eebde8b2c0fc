"""What rows tell of: failed updates, replacements left open, tokens of programs that end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.flow.session import State
from updates.models import ApiToken, Container, ContainerResult, Hold, Replacement
from updates.models.run import RunState
from updates.templatetags.watchweb import words
from updates.views.overview.certificates import state_of
from updates.views.overview.concern import Act, Concern, start

_LOOKED_AT = 200  # The newest failures of each kind; a container may fail every hour.
_IS_OLD = timedelta(days=30)
_ENDS_SOON = timedelta(days=14)
_OPEN, _TOKEN = "open", "token"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One row. `kind`: failed, rolled_back, open or token; `text`: its reason, or a step.

    `container` is the key of the container that a failure is about, else 0.
    """

    kind: str
    name: str
    text: str
    host: int
    host_name: str
    run: int
    container: int
    moment: datetime


def read_troubles(user: User | AnonymousUser) -> list[Trouble]:
    """The newest failure of each container that has not got over it, and the rest. One statement.

    The first arm of the union gives the columns their types. An arm for each kind of failure:
    with both in one, PostgreSQL would read a million results.
    """
    others = (_failures(State.ROLLED_BACK), _left_open(), _tokens(user))
    found = _failures(State.FAILED).union(*others, all=True).order_by()
    rows = [Trouble(*row) for row in found]
    rows.sort(key=lambda row: row.moment, reverse=True)
    seen: dict[tuple[str, int, str], Trouble] = {}
    for row in rows:
        is_failure = row.kind in (State.FAILED, State.ROLLED_BACK)
        seen.setdefault(("failure" if is_failure else row.kind, row.host, row.name), row)
    return list(seen.values())


def trouble_concerns(troubles: list[Trouble]) -> Iterator[Concern]:
    for row in troubles:
        if row.kind == _TOKEN:
            yield _of_token(row)
        elif row.kind == _OPEN:
            yield _of_open(row)
        else:
            yield _of_failure(row)


def _failures(state: State) -> QuerySet[Any, Any]:
    newest = ContainerResult.objects.filter(state=state).order_by("-pk").values("pk")
    concerned = Container.objects.with_update().filter(
        Q(updated_at=None) | Q(updated_at__lt=OuterRef("host_run__started_at")),
        host=OuterRef("host_run__host"),
        name=OuterRef("name"),
    )
    held = Hold.objects.filter(
        host=OuterRef("host_run__host"), container=OuterRef("name"), digest=""
    )
    rows = ContainerResult.objects.filter(pk__in=newest[:_LOOKED_AT])
    return (
        rows.filter(~Exists(held), host_run__started_at__gt=timezone.now() - _IS_OLD)
        .annotate(container=Coalesce(Subquery(concerned.values("pk")[:1]), 0))
        .filter(container__gt=0)
        .order_by()
        .values_list(
            "state",
            "name",
            "reason",
            "host_run__host_id",
            "host_run__host__name",
            "host_run__run_id",
            "container",
            "host_run__started_at",
        )
    )


def _left_open() -> QuerySet[Any, Any]:
    rows = Replacement.objects.filter(closed_at=None).exclude(host_run__state=RunState.RUNNING)
    return rows.order_by().values_list(
        Value(_OPEN),
        "name",
        "step",
        "host_run__host_id",
        "host_run__host__name",
        "host_run__run_id",
        _number(),
        "opened_at",
    )


def _tokens(user: User | AnonymousUser) -> QuerySet[Any, Any]:
    """The person's own; those that ended long ago are no news."""
    now = timezone.now()
    rows = ApiToken.objects.filter(owner=user.pk, revoked_at=None)
    rows = rows.filter(expires_at__range=(now - _ENDS_SOON, now + _ENDS_SOON))
    nothing = Value("")
    return rows.order_by().values_list(
        Value(_TOKEN), "name", nothing, _number(), nothing, _number(), _number(), "expires_at"
    )


def _number() -> Value:
    return Value(0, output_field=IntegerField())


def _of_failure(row: Trouble) -> Concern:
    address = reverse("container", args=[row.host, row.name])
    subject = _subject(row)
    if row.kind == State.ROLLED_BACK:
        why = Act(_("See why"), reverse("run", args=[row.run]))
        sentence = row.text or _("The new one did not work, and the old one is back.")
        return Concern(_("rolled back"), "bad", subject, sentence, address, why)
    again = start("update", _("Try again"), container=row.container)
    return Concern(_("failed"), "bad", subject, row.text, address, again)


def _of_open(row: Trouble) -> Concern:
    sentence = _(
        "Its update was broken off at %(step)s. The next run on %(host)s finishes it or goes back."
    ) % {"step": words(row.text), "host": row.host_name}
    address = reverse("run", args=[row.run])
    finish = start("scan", _("Finish it"), host=row.host)
    return Concern(_("left open"), "bad", _subject(row), sentence, address, finish)


def _of_token(row: Trouble) -> Concern:
    is_over = row.moment <= timezone.now()
    day = timezone.localtime(row.moment)
    sentence = (
        _("It ended on %(day)s. Make another, and revoke it.")
        if is_over
        else _("It ends on %(day)s. Make another, and revoke it.")
    ) % {"day": f"{day:%Y-%m-%d}"}
    address = reverse("api-tokens")
    state, tone = state_of(is_over=is_over)
    add = Act(_("Make another"), reverse("api-token-add"))
    subject = _("API token %(name)s") % {"name": row.name}
    return Concern(state, tone, subject, sentence, address, add)


def _subject(row: Trouble) -> str:
    return _("%(name)s on %(host)s") % {"name": row.name, "host": row.host_name}
