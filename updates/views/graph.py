"""The dependencies of a host's containers, drawn: pictures, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.drawing.pairs import Pair, parts
from updates.drawing.picture import Box, Line, Picture, draw
from updates.flow.edges import Edge, EdgeKind, edges
from updates.flow.ties import Ties
from updates.models import Container, Host
from updates.runs.standing import summary_of

WORDS = {
    EdgeKind.LABEL: gettext_lazy("label"),
    EdgeKind.COMPOSE: gettext_lazy("compose"),
    EdgeKind.LINKS: gettext_lazy("link"),
    EdgeKind.NETWORK: gettext_lazy("shares its network"),
    EdgeKind.IPC: gettext_lazy("shares its memory (ipc)"),
    EdgeKind.PID: gettext_lazy("shares its processes (pid)"),
    EdgeKind.VOLUMES_FROM: gettext_lazy("uses its volumes"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One dependency in words: why `dependant` needs `parent`."""

    dependant: Container
    parent: Container
    why: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture with its rows: `boxes` with the container each stands for."""

    picture: Picture
    boxes: Sequence[tuple[Box, Container]]
    lines: Sequence[tuple[Line, Sentence]]


@dataclass(frozen=True, slots=True)
class HostGraph:
    """What the page shows. `unknown`: how many containers were not asked for their ties yet."""

    parts: Sequence[Drawn]
    unknown: int

    @property
    def sentences(self) -> list[Sentence]:
        return [sentence for part in self.parts for __, sentence in part.lines]

    @property
    def circles(self) -> list[str]:
        """Each circle, as its names."""
        return [", ".join(names) for part in self.parts for names in part.picture.circles]


def graph_of(host: Host) -> HostGraph | None:
    """The graph of all containers, in one query; None while there are none."""
    rows = list(host.containers.all())
    if not rows:
        return None
    found = edges([summary_of(row) for row in rows], _ties(rows))
    names = {row.container_id: row.name for row in rows}
    by_name = {row.name: row for row in rows}
    sentences = _sentences(found, names, by_name)
    return HostGraph(
        [_drawn(part, sentences, by_name) for part in parts(sentences)],
        sum(row.ties is None for row in rows),
    )


def _sentences(
    found: Sequence[Edge], names: Mapping[str, str], by_name: Mapping[str, Container]
) -> dict[Pair, Sentence]:
    """One for each two that depend on each other, however often."""
    together: dict[tuple[str, str], list[Edge]] = {}
    for edge in found:
        together.setdefault((names[edge.dependant], names[edge.parent]), []).append(edge)
    return {
        Pair(dependant, parent, any(one.is_hard for one in those)): Sentence(
            by_name[dependant], by_name[parent], ", ".join(map(_why, those))
        )
        for (dependant, parent), those in together.items()
    }


def _why(edge: Edge) -> str:
    kind = str(WORDS[edge.kind])
    return _("%(kind)s, restarts with it") % {"kind": kind} if edge.restarts else kind


def _drawn(
    pairs: Sequence[Pair], sentences: Mapping[Pair, Sentence], by_name: Mapping[str, Container]
) -> Drawn:
    picture = draw(pairs)
    return Drawn(
        picture,
        [(box, by_name[box.name]) for box in picture.boxes],
        [(line, sentences[line.pair]) for line in picture.lines],
    )


def _ties(rows: Sequence[Container]) -> dict[str, Ties]:
    return {row.container_id: Ties.from_json(row.ties) for row in rows if row.ties is not None}
