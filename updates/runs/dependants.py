"""Who is recreated or restarted with a container, from what the record knows."""

from dataclasses import dataclass

from updates.flow import order
from updates.flow.plan import RESTARTS_WITH
from updates.flow.ties import Ties
from updates.language import gettext as _
from updates.models import Container
from updates.runs.standing import summary_of

_COLUMNS = ("name", "container_id", "image", "image_id", "state", "labels", "network_mode", "ties")


@dataclass(frozen=True, slots=True)
class Dependant:
    """`why` is a sentence: what it shares with one that is recreated, or that compose says so."""

    container: Container
    why: str


def dependants_of(row: Container, *, uses_compose: bool) -> list[Dependant]:
    """Those that follow this one when it is recreated, in the order they do; one query."""
    rows = {one.container_id: one for one in row.host.containers.only("host", *_COLUMNS)}
    ties = {key: Ties.from_json(one.ties) for key, one in rows.items() if one.ties is not None}
    containers = [summary_of(one) for one in rows.values()]
    known = order.graph(containers, ties, uses_compose=uses_compose)
    found = order.followers([row.container_id], known) if row.container_id in rows else []
    ordered, circle = order.arrange(found, known)
    recreated = {row.container_id, *found}
    return [
        Dependant(rows[one], known.shares(one, recreated) or _(RESTARTS_WITH))
        for one in (*ordered, *circle)
        if rows[one].state != "paused"
    ]
