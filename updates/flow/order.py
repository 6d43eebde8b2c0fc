"""Who comes before whom: the dependencies between the containers of one host.

Hard edges (a shared network namespace) break when the parent is recreated, so the dependant has to
be recreated too. Soft edges (labels, compose) are an order and nothing more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from updates.engine.container import ContainerSummary
from updates.flow import labels


@dataclass(frozen=True, slots=True)
class Graph:
    """Container ids to the ids they depend on."""

    soft: Mapping[str, frozenset[str]]
    hard: Mapping[str, frozenset[str]]

    def parents(self, container_id: str) -> frozenset[str]:
        return self.soft[container_id] | self.hard[container_id]


def graph(containers: Sequence[ContainerSummary]) -> Graph:
    """The dependencies among these containers; a name that fits none or several makes no edge."""
    by_name = {container.name: container.id for container in containers}
    by_id = {container.id: container.id for container in containers}
    by_id |= {container.id[:12]: container.id for container in containers}
    soft = {c.id: frozenset(_soft(c, containers, by_name)) - {c.id} for c in containers}
    hard = {c.id: frozenset(_hard(c, by_name | by_id)) - {c.id} for c in containers}
    return Graph(soft, hard)


def arrange(ids: Iterable[str], known: Graph) -> tuple[list[str], list[str]]:
    """(in order, caught in a cycle): a parent before those that depend on it; else as given.

    Kahn's algorithm over the given ids, one at a time: those whose network was just recreated come
    first, for they are cut off until then. Where nothing is free, the members of cycles are taken
    out and the rest goes on: those that only depend on a member are in order, after it.
    """
    waiting = list(ids)
    ordered: list[str] = []
    cycles: list[str] = []
    while waiting:
        among = set(waiting)
        free = [one for one in waiting if not known.parents(one) & (among - {one})]
        if free:
            done = set(ordered)
            following = [one for one in free if known.hard[one] & done]
            out = (following or free)[:1]
            ordered += out
        else:
            out = [one for one in waiting if _is_in_cycle(one, among, known)]
            cycles += out
        waiting = [one for one in waiting if one not in out]
    return ordered, cycles


def dependants(ids: Iterable[str], known: Graph) -> list[str]:
    """Those that break when these are recreated: hard edges, followed to their end."""
    broken = set(ids)
    found: list[str] = []
    while True:
        more = [
            one for one, parents in known.hard.items() if one not in broken and parents & broken
        ]
        if not more:
            return found
        found += more
        broken |= set(more)


def _is_in_cycle(one: str, among: set[str], known: Graph) -> bool:
    """True if its parents' parents, within `among`, lead back to it."""
    seen: set[str] = set()
    ahead = [one]
    while ahead:
        found = known.parents(ahead.pop()) & among
        if one in found:
            return True
        ahead += found - seen
        seen |= found
    return False


def _soft(
    container: ContainerSummary,
    containers: Sequence[ContainerSummary],
    by_name: Mapping[str, str],
) -> Iterable[str]:
    for name in labels.depends_on(container.labels):
        if name in by_name:
            yield by_name[name]
    project = labels.stack(container.labels)
    wanted = {(project, service) for service in labels.compose_depends_on(container.labels)}
    for other in containers:
        service = other.labels.get(labels.COMPOSE_SERVICE, "")
        if project and (labels.stack(other.labels), service) in wanted:
            yield other.id


def _hard(container: ContainerSummary, known: Mapping[str, str]) -> Iterable[str]:
    kind, _, parent = container.network_mode.partition(":")
    if kind == "container" and parent in known:
        yield known[parent]
