"""Who comes before whom."""

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flow.summaries import container, label
from updates.engine.container import ContainerSummary
from updates.flow.labels import (
    COMPOSE_DEPENDS_ON,
    COMPOSE_PROJECT,
    COMPOSE_REPLICA,
    COMPOSE_SERVICE,
)
from updates.flow.order import Graph, arrange, dependants, followers, graph

Edges = Mapping[str, Collection[str]]


def soft(edges: Edges) -> Graph:
    """A graph of soft edges: each name to those it depends on."""
    names = set(edges).union(*edges.values())
    return Graph(
        {name: frozenset(edges.get(name, ())) for name in names}, dict.fromkeys(names, frozenset())
    )


def hard(edges: Edges) -> Graph:
    return Graph(soft(edges).hard, soft(edges).soft)


def test_a_parent_comes_before_those_that_depend_on_it() -> None:
    known = soft({"web": {"api"}, "api": {"db"}})
    assert arrange(["web", "api", "db"], known) == (["db", "api", "web"], [])


def test_without_dependencies_the_order_is_the_given_one() -> None:
    assert arrange(["b", "a", "c"], soft({"a": (), "b": (), "c": ()})) == (["b", "a", "c"], [])


def test_those_in_a_network_follow_its_owner_at_once() -> None:
    known = hard({"torrent": {"vpn"}, "vpn": (), "web": ()})
    assert arrange(["vpn", "web", "torrent"], known) == (["vpn", "torrent", "web"], [])


def test_a_parent_that_is_not_to_be_recreated_holds_nobody_up() -> None:
    assert arrange(["web"], soft({"web": {"db"}})) == (["web"], [])


CYCLES = [
    pytest.param({"a": "b", "b": "a"}, "ab", "", id="two"),
    pytest.param({"a": "b", "b": "c", "c": "a"}, "abc", "", id="three"),
    pytest.param({"a": "b", "b": "a", "x": "a", "y": "x"}, "ab", "xy", id="behind"),
    pytest.param({"a": "bp", "b": "a", "p": ""}, "ab", "p", id="before"),
    pytest.param({"a": "b", "b": "a", "m": "a", "c": "md", "d": "c"}, "abcd", "m", id="between"),
    pytest.param({"a": "b", "b": "a", "c": "d", "d": "c"}, "abcd", "", id="apart"),
]


@pytest.mark.parametrize(("edges", "members", "rest"), CYCLES)
def test_a_cycle_takes_out_its_members_only(edges: Edges, members: str, rest: str) -> None:
    ordered, caught = arrange(sorted(edges), soft(edges))
    assert sorted(caught) == sorted(members)
    assert ordered == sorted(rest)


def test_a_container_that_names_itself_is_not_a_cycle() -> None:
    one = container("web", labels=label("depends-on", "web"))
    assert arrange([one.id], graph([one])) == ([one.id], [])


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.frozensets(st.sampled_from("abcdefg"))).map(
        lambda edges: {name: edges.get(name, frozenset()) - {name} for name in "abcdefg"}
    )
)
def test_everybody_comes_once_after_their_parents_unless_those_are_in_a_cycle(
    edges: Mapping[str, frozenset[str]],
) -> None:
    ordered, caught = arrange("abcdefg", soft(edges))
    assert sorted(ordered + caught) == list("abcdefg")
    for place, name in enumerate(ordered):
        assert edges[name] <= set(ordered[:place]) | set(caught)


def test_dependants_follow_hard_edges_to_their_end_and_no_soft_ones() -> None:
    broken = hard({"x": (), "a": {"vpn"}, "b": {"a"}})
    known = Graph(soft({"x": {"vpn"}, "vpn": (), "a": (), "b": ()}).soft, broken.hard)
    assert sorted(dependants(["vpn"], known)) == ["a", "b"]


def test_dependants_are_those_that_are_not_recreated_anyway() -> None:
    assert dependants(["vpn", "a"], hard({"a": {"vpn"}})) == []


@pytest.mark.parametrize("how", ["id", "name", "short id"])
def test_a_shared_network_is_a_hard_edge_however_the_parent_is_written(how: str) -> None:
    vpn = container("vpn")
    parent = {"id": vpn.id, "name": vpn.name, "short id": vpn.id[:12]}[how]
    child = container("torrent", network_mode=f"container:{parent}")
    assert graph([child, vpn]).hard[child.id] == {vpn.id}


def test_a_parent_that_is_gone_makes_no_edge() -> None:
    child = container("torrent", network_mode="container:gone")
    known = graph([child])
    assert known.parents(child.id) == frozenset()


def test_a_depends_on_label_is_a_soft_edge_to_that_very_name() -> None:
    db, other = container("db"), container("my-db")
    web = container("web", labels=label("depends-on", "/db,unknown"))
    known = graph([web, db, other])
    assert known.soft[web.id] == {db.id}
    assert known.hard[web.id] == frozenset()


def test_a_compose_dependency_stays_within_its_project_and_means_every_replica() -> None:
    def service(name: str, project: str, service: str, needs: str = "") -> ContainerSummary:
        names = {COMPOSE_PROJECT: project, COMPOSE_SERVICE: service, COMPOSE_DEPENDS_ON: needs}
        return container(name, labels=names)

    web = service("web", "shop", "web", needs="db:service_started")
    first, second = (service(f"shop-db-{n}", "shop", "db") for n in (1, 2))
    stranger = service("other-db-1", "other", "db")
    assert graph([web, first, second, stranger]).soft[web.id] == {first.id, second.id}


def compose(
    name: str, project: str, service: str, needs: str = "", number: str = "1", **more: str
) -> ContainerSummary:
    replica = dict(zip(COMPOSE_REPLICA, (project, service, number), strict=True))
    return container(name, labels={**replica, COMPOSE_DEPENDS_ON: needs, **more})


@pytest.mark.parametrize(
    ("needs", "restarts"),
    [("db:service_healthy:true", True), ("db:service_healthy:false", False), ("db", False)],
)
def test_composes_restart_flag_makes_the_dependant_follow(needs: str, restarts: bool) -> None:
    web, db = compose("web", "shop", "web", needs), compose("db", "shop", "db")
    known = graph([web, db])
    assert known.soft[web.id] == {db.id}
    assert followers([db.id], known) == ([web.id] if restarts else [])
    assert dependants([db.id], known) == []


def test_followers_go_through_restarts_and_shared_networks() -> None:
    web, db = compose("web", "shop", "web", "db:service_started:true"), compose("x", "shop", "db")
    side = container("side", network_mode=f"container:{web.id}")
    assert followers([db.id], graph([side, web, db])) == [web.id, side.id]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("base", {"base"}),
        ("/base", {"base"}),
        ("db", {"base", "base2"}),
        ("shop-db-2", {"base2"}),
        ("shop-db", {"base", "base2"}),
        ("other-cache", {"other-cache"}),
        ("other-db", {"my-db"}),
        ("my-db", {"my-db"}),
        ("other-db-1", {"my-db"}),
        ("cache", set()),
        ("shop-twin-1", set()),
        ("bas", set()),
    ],
)
def test_a_depends_on_label_means_what_compose_calls_so(written: str, names: set[str]) -> None:
    """A container's name, a service of the same project, a replica; never another stack's."""
    web = compose("web", "shop", "web", **label("depends-on", written))
    others = [
        compose("base", "shop", "db"),
        compose("base2", "shop", "db", number="2"),
        compose("my-db", "other", "db"),
        compose("other-cache", "other", "cache"),
        compose("twin-a", "shop", "twin"),
        compose("twin-b", "shop", "twin"),
    ]
    found = graph([web, *others]).soft[web.id]
    assert {one.name for one in others if one.id in found} == names
