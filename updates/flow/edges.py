"""Every dependency between the containers of one host, and what makes it one.

    label, compose, links              soft: an order, and a restart where compose asks for it
    network, ipc, pid, volumes_from    hard: the dependant breaks when its parent is recreated

They add up: one source never hides another. Source: Watchtower's depends-on label, compose's
labels, Engine API HostConfig.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from updates.engine.container import ContainerSummary
from updates.flow import labels
from updates.flow.identifiers import Identifiers
from updates.flow.ties import Ties, parent_of, sources
from updates.language import gettext as _
from updates.language import gettext_noop


class EdgeKind(StrEnum):
    """Where an edge comes from."""

    LABEL = "label"
    COMPOSE = "compose"
    LINKS = "links"
    NETWORK = "network"
    IPC = "ipc"
    PID = "pid"
    VOLUMES_FROM = "volumes_from"


# What a hard edge shares, in words.
SHARED = {
    EdgeKind.NETWORK: gettext_noop("network"),
    EdgeKind.IPC: gettext_noop("memory (ipc)"),
    EdgeKind.PID: gettext_noop("processes (pid)"),
    EdgeKind.VOLUMES_FROM: gettext_noop("volumes"),
}

_SHARES = {
    EdgeKind.NETWORK: gettext_noop("It shares the network of a container that is recreated."),
    EdgeKind.IPC: gettext_noop("It shares the memory (ipc) of a container that is recreated."),
    EdgeKind.PID: gettext_noop("It shares the processes (pid) of a container that is recreated."),
    EdgeKind.VOLUMES_FROM: gettext_noop("It shares the volumes of a container that is recreated."),
}


@dataclass(frozen=True, slots=True)
class Edge:
    """`dependant` needs `parent`, both container ids. `restarts`: compose restarts it with it."""

    dependant: str
    parent: str
    kind: EdgeKind
    restarts: bool = False

    @property
    def is_hard(self) -> bool:
        return self.kind in SHARED


def edges(
    containers: Sequence[ContainerSummary],
    ties: Mapping[str, Ties] | None = None,
    *,
    uses_compose: bool = True,
) -> tuple[Edge, ...]:
    """All edges among these containers, in the containers' order.

    `ties` by container id, as far as they are known. Without `uses_compose` compose's depends_on
    is no edge. A name that fits none or several makes none, and nobody depends on itself.
    """
    known, tied = Identifiers.of(containers), ties or {}
    found: dict[Edge, None] = {}
    for one in containers:
        declared = [*_labelled(one, known), *(_composed(one, known) if uses_compose else ())]
        found |= dict.fromkeys([*declared, *_bound(one, known, tied.get(one.id, Ties()))])
    return tuple(edge for edge in found if edge.parent != edge.dependant)


def shares(kinds: Iterable[EdgeKind]) -> str:
    """Why a container is recreated with its parent, as a sentence; "" without a hard edge."""
    known = set(kinds)
    found = [kind for kind in SHARED if kind in known]
    if len(found) < 2:
        return _(_SHARES[found[0]]) if found else ""
    both = " " + _("and") + " "
    what = both.join(_(SHARED[kind]) for kind in found)
    return _("It shares the %(what)s of a container that is recreated.") % {"what": what}


def _labelled(container: ContainerSummary, known: Identifiers) -> Iterable[Edge]:
    project = labels.stack(container.labels)
    for name in labels.depends_on(container.labels):
        for parent in known.named(name, project):
            yield Edge(container.id, parent, EdgeKind.LABEL)


def _composed(container: ContainerSummary, known: Identifiers) -> Iterable[Edge]:
    project = labels.stack(container.labels)
    for service, restarts in labels.compose_depends_on(container.labels).items():
        for parent in known.service(project, service):
            yield Edge(container.id, parent, EdgeKind.COMPOSE, restarts)


def _bound(container: ContainerSummary, known: Identifiers, ties: Ties) -> Iterable[Edge]:
    """What the engine itself holds: it names containers, never services."""
    written = {
        EdgeKind.LINKS: sources(ties.links),
        EdgeKind.NETWORK: (parent_of(container.network_mode),),
        EdgeKind.IPC: (parent_of(ties.ipc),),
        EdgeKind.PID: (parent_of(ties.pid),),
        EdgeKind.VOLUMES_FROM: sources(ties.volumes_from),
    }
    for kind, names in written.items():
        for parent in filter(None, map(known.container, names)):
            yield Edge(container.id, parent, kind)
