"""Who comes before whom: the dependencies between the containers of one host.

Hard edges (a shared network namespace) break when the parent is recreated, so the dependant has to
be recreated too. Soft edges (labels, compose) are an order and nothing more, but for those that
compose marks with `restart: true`: there the dependant is restarted with its parent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from updates.engine.container import ContainerSummary
from updates.flow import labels
from updates.flow.identifiers import Identifiers


@dataclass(frozen=True, slots=True)
class Graph:
    """Container ids to the ids they depend on; `restarting` are soft edges that restart."""

    soft: Mapping[str, frozenset[str]]
    hard: Mapping[str, frozenset[str]]
    restarting: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def parents(self, container_id: str) -> frozenset[str]:
        return self.soft[container_id] | self.hard[container_id]


def graph(containers: Sequence[ContainerSummary]) -> Graph:
    """The dependencies among these containers; a name that fits none or several makes no edge."""
    known = Identifiers.of(containers)
    soft = {c.id: frozenset(_soft(c, known)) - {c.id} for c in containers}
    hard = {c.id: frozenset(_hard(c, known)) - {c.id} for c in containers}
    restarting = {c.id: frozenset(_restarting(c, known)) - {c.id} for c in containers}
    return Graph(soft, hard, restarting)


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


def followers(ids: Iterable[str], known: Graph) -> list[str]:
    """Those that break or restart when these are recreated, followed to their end."""
    both = {one: hard | known.restarting.get(one, frozenset()) for one, hard in known.hard.items()}
    return dependants(ids, Graph(known.soft, both))


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


def _soft(container: ContainerSummary, known: Identifiers) -> Iterable[str]:
    project = labels.stack(container.labels)
    for name in labels.depends_on(container.labels):
        yield from known.named(name, project)
    for service in labels.compose_depends_on(container.labels):
        yield from known.service(project, service)


def _restarting(container: ContainerSummary, known: Identifiers) -> Iterable[str]:
    project = labels.stack(container.labels)
    for service, restarts in labels.compose_depends_on(container.labels).items():
        if restarts:
            yield from known.service(project, service)


def _hard(container: ContainerSummary, known: Identifiers) -> Iterable[str]:
    kind, _, parent = container.network_mode.partition(":")
    if kind == "container" and (found := known.container(parent)):
        yield found
