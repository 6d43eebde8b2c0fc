"""Every source of an edge, and whom its names mean."""

import random
from collections.abc import Sequence

import pytest

from tests.flow.summaries import container, label
from updates.engine.container import ContainerSummary
from updates.flow.edges import Edge, EdgeKind, edges, shares
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.order import arrange, dependants, followers, graph
from updates.flow.ties import Ties

DB = container("db")
SHORT = DB.id[:12]
STRANGER = container("my-db")


def bound(ties: Ties, *others: ContainerSummary) -> list[tuple[str, str]]:
    """What the ties of "web" make: kind and parent's name."""
    everybody = [container("web"), DB, STRANGER, *others]
    names = {one.id: one.name for one in everybody}
    found = edges(everybody, {container("web").id: ties})
    return [(str(one.kind), names[one.parent]) for one in found]


@pytest.mark.parametrize("written", ["db", DB.id, SHORT, DB.id[:6]])
@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("ipc", lambda parent: Ties(ipc=f"container:{parent}")),
        ("pid", lambda parent: Ties(pid=f"container:{parent}")),
        ("volumes_from", lambda parent: Ties(volumes_from=(parent,))),
        ("volumes_from", lambda parent: Ties(volumes_from=(f"{parent}:ro",))),
        ("links", lambda parent: Ties(links=(f"/{parent}:/web/alias",))),
        ("links", lambda parent: Ties(links=(f"{parent}:alias",))),
        ("links", lambda parent: Ties(links=(parent,))),
    ],
)
def test_each_tie_is_an_edge_however_the_parent_is_written(
    kind: str, of: type[Ties], written: str
) -> None:
    assert bound(of(written)) == [(kind, "db")]


@pytest.mark.parametrize("written", ["gone", "d", DB.id[:5], "b", "", "shop-db"])
def test_a_name_that_fits_nobody_makes_no_edge(written: str) -> None:
    found = Ties(f"container:{written}", f"container:{written}", (written,), (f"/{written}:/w/x",))
    assert bound(found) == []


def test_the_beginning_of_two_ids_is_nobodys() -> None:
    twins = [container(one.name + "-2", id="abcdef" + one.id[6:]) for one in (DB, STRANGER)]
    assert bound(Ties(pid="container:abcdef"), twins[0]) == [("pid", "db-2")]
    assert bound(Ties(pid="container:abcdef"), *twins) == []


def test_a_name_wins_over_the_beginning_of_an_id() -> None:
    named = container(DB.id[:8])
    assert bound(Ties(pid=f"container:{DB.id[:8]}"), named) == [("pid", named.name)]


@pytest.mark.parametrize(
    ("kind", "is_hard"),
    [
        (EdgeKind.LABEL, False),
        (EdgeKind.COMPOSE, False),
        (EdgeKind.LINKS, False),
        (EdgeKind.NETWORK, True),
        (EdgeKind.IPC, True),
        (EdgeKind.PID, True),
        (EdgeKind.VOLUMES_FROM, True),
    ],
)
def test_what_is_shared_is_hard_and_the_rest_is_an_order(kind: EdgeKind, is_hard: bool) -> None:
    assert Edge("a", "b", kind).is_hard is is_hard


def stack() -> list[ContainerSummary]:
    """One that depends on "db" in every way there is."""
    db = container("db", labels={COMPOSE_PROJECT: "shop", COMPOSE_SERVICE: "db"})
    needs = {COMPOSE_PROJECT: "shop", COMPOSE_DEPENDS_ON: "db:service_healthy:true"}
    web = container("web", labels=needs | label("depends-on", "db"), network_mode="container:db")
    return [web, db]


ALL = Ties("container:db", "container:db", ("db",), ("/db:/web/db",))


def test_the_sources_add_up() -> None:
    web, db = stack()
    found = edges([web, db], {web.id: ALL})
    assert [one.kind for one in found] == list(EdgeKind)
    assert {(one.dependant, one.parent) for one in found} == {(web.id, db.id)}
    assert [one.kind for one in found if one.restarts] == [EdgeKind.COMPOSE]


def test_composes_depends_on_can_be_left_out_and_nothing_else_goes_with_it() -> None:
    web, db = stack()
    found = edges([web, db], {web.id: ALL}, uses_compose=False)
    assert [one.kind for one in found] == [one for one in EdgeKind if one is not EdgeKind.COMPOSE]
    known = graph([web, container("db")], uses_compose=False)
    assert followers([db.id], graph([*stack()], uses_compose=False)) == [web.id]  # by its network
    assert known.restarting[web.id] == frozenset()


def test_nobody_depends_on_itself() -> None:
    assert bound(Ties("container:web", "container:web", ("web",), ("/web:/web/me",))) == []


def test_hard_ties_cut_off_and_links_do_not() -> None:
    web, db = container("web"), container("db")
    for ties, cut_off in [
        (Ties(ipc="container:db"), [web.id]),
        (Ties(pid="container:db"), [web.id]),
        (Ties(volumes_from=("db",)), [web.id]),
        (Ties(links=("/db:/web/db",)), []),
    ]:
        known = graph([web, db], {web.id: ties})
        assert dependants([db.id], known) == cut_off
        assert known.parents(web.id) == {db.id}


def test_the_sentence_names_all_that_is_shared() -> None:
    assert shares({EdgeKind.NETWORK}) == "It shares the network of a container that is recreated."
    assert shares([EdgeKind.VOLUMES_FROM, EdgeKind.PID]) == (
        "It shares the processes (pid) and volumes of a container that is recreated."
    )
    assert shares({EdgeKind.LABEL, EdgeKind.LINKS}) == ""


def test_the_sentence_is_about_those_that_are_recreated() -> None:
    web = container("web", network_mode="container:vpn")
    vpn, data = container("vpn"), container("data")
    known = graph([web, vpn, data], {web.id: Ties(volumes_from=("data",))})
    both = shares({EdgeKind.NETWORK, EdgeKind.VOLUMES_FROM})
    assert known.shares(web.id, {data.id}) == shares({EdgeKind.VOLUMES_FROM})
    assert known.shares(web.id, {vpn.id, data.id}) == both
    assert known.shares(web.id, {web.id}) == known.shares(vpn.id, {web.id}) == ""


def _order(containers: Sequence[ContainerSummary]) -> tuple[list[str], list[str]]:
    in_order = sorted(containers, key=lambda one: one.name)
    return arrange([one.id for one in in_order], graph(in_order, {stack()[0].id: ALL}))


def test_the_graph_is_the_same_in_whichever_order_containers_are_listed() -> None:
    everybody = [*stack(), *(container(name) for name in "xyz")]
    for seed in range(10):
        mixed = random.Random(seed).sample(everybody, len(everybody))  # noqa: S311 - not a secret
        assert _order(mixed) == _order(everybody)
        assert graph(mixed).hard == graph(everybody).hard
