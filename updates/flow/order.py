"""Who comes before whom: the dependencies between the containers of one host.

Hard edges (a shared network, ipc or process namespace, another's volumes) break when the parent is
recreated, so the dependant has to be recreated too. Soft edges (labels, compose, links) are an
order and nothing more, but for those that compose marks with `restart: true`: there the dependant
is restarted with its parent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from updates.engine.container import ContainerSummary
from updates.flow import edges
from updates.flow.edges import Edge
from updates.flow.ties import Ties


@dataclass(frozen=True, slots=True)
class Graph:
    """Container ids to the ids they depend on; `restarting` are soft edges that restart."""

    soft: Mapping[str, frozenset[str]]
    hard: Mapping[str, frozenset[str]]
    restarting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()

    def parents(self, container_id: str) -> frozenset[str]:
        return self.soft[container_id] | self.hard[container_id]

    def shares(self, container_id: str, recreated: Collection[str]) -> str:
        """Which of the recreated it shares something with, as a sentence; "" for none."""
        own = (one for one in self.edges if one.dependant == container_id)
        return edges.shares({one.kind for one in own if one.parent in recreated})


def graph(
    containers: Sequence[ContainerSummary],
    ties: Mapping[str, Ties] | None = None,
    *,
    uses_compose: bool = True,
) -> Graph:
    """The dependencies among these containers, as far as the list and their ties tell."""
    found = edges.edges(containers, ties, uses_compose=uses_compose)
    ids = [one.id for one in containers]
    return Graph(
        _parents(ids, (one for one in found if not one.is_hard)),
        _parents(ids, (one for one in found if one.is_hard)),
        _parents(ids, (one for one in found if one.restarts)),
        found,
    )


def arrange(ids: Iterable[str], known: Graph) -> tuple[list[str], list[str]]:
    """(in order, caught in a cycle): a parent before those that depend on it; else as given.

    Kahn's algorithm over the given ids, one at a time: those that share something with
    one just recreated come first, for they are cut off until then. Where nothing is free, the
    members of cycles are taken out and the rest goes on: those that only depend on a member are in
    order, after it.
    """
    waiting = list(ids)
    ordered: list[str] = []
    cycles: list[str] = []
    while waiting:
        among = set(waiting)
        free = [one for one in waiting if not (known.parents(one) & among) - {one}]
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


def _parents(ids: Iterable[str], found: Iterable[Edge]) -> Mapping[str, frozenset[str]]:
    parents: dict[str, set[str]] = {one: set() for one in ids}
    for edge in found:
        parents[edge.dependant].add(edge.parent)
    return {one: frozenset(those) for one, those in parents.items()}
