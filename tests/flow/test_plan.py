"""What will be done, and why the rest is left alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flow.rules import rules
from tests.flow.summaries import container, label
from updates.engine.container import ContainerSummary
from updates.flow.check import Verdict
from updates.flow.edges import EdgeKind, shares
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.plan import HOLDS_OWN, RESTARTS_WITH, Plan, make_plan
from updates.flow.session import CheckStatus
from updates.flow.ties import Ties

STALE = Verdict(CheckStatus.UPDATE_AVAILABLE, reason="The registry has another image.")
FRESH = Verdict(CheckStatus.UP_TO_DATE)


def plan(containers: Sequence[ContainerSummary], *stale: str, own: str = "", **params: Any) -> Plan:
    """The plan when those of these names are stale."""
    verdicts = {one.id: STALE if one.name in stale else FRESH for one in containers}
    own_ids = [one.id for one in containers if one.name == own]
    return make_plan(containers, verdicts, rules(**params), own_ids)


def actions(planned: Plan) -> list[tuple[str, str]]:
    return [(action.container.name, str(action.kind)) for action in planned.actions]


def child(name: str, parent: ContainerSummary, **facts: str) -> ContainerSummary:
    return container(name, network_mode=f"container:{parent.id}", **facts)


VPN = container("vpn")
DATA, WEB = container("data"), container("web")
TORRENT = child("torrent", VPN)


def test_what_is_stale_is_updated_with_its_reason_and_what_is_fresh_is_not() -> None:
    planned = plan([container("web"), container("db")], "web")
    assert actions(planned) == [("web", "update")]
    assert planned.actions[0].reason == STALE.reason


def test_a_container_that_was_not_checked_is_not_touched() -> None:
    assert make_plan([container("web")], {}, rules()) == Plan()


@pytest.mark.parametrize("state", ["exited", "created", "dead", "paused", "removing"])
def test_what_is_not_running_is_left_as_it_is_and_says_so(state: str) -> None:
    planned = plan([container("web", state=state)], "web")
    assert actions(planned) == []
    assert "An update is available" in next(iter(planned.left.values()))


def test_stopped_ones_are_updated_when_asked_for_but_never_paused_ones() -> None:
    both = [container("off", state="exited"), container("ice", state="paused")]
    assert actions(plan(both, "off", "ice", include_stopped=True)) == [("off", "update")]


def test_one_that_keeps_restarting_is_updated_only_when_asked_for() -> None:
    loop = [container("web", state="restarting")]
    assert "keeps restarting" in plan(loop, "web", include_stopped=True).left[loop[0].id]
    assert actions(plan(loop, "web", include_restarting=True)) == [("web", "update")]


def test_monitor_only_leaves_everything_as_it_is() -> None:
    planned = plan([container("web")], "web", monitor_only=True)
    assert actions(planned) == []
    assert "monitor only" in planned.left[container("web").id]


def test_the_monitor_only_label_leaves_that_container_as_it_is() -> None:
    watched = container("web", labels=label("monitor-only", "true"))
    assert actions(plan([watched, container("db")], "web", "db")) == [("db", "update")]


def test_those_who_share_a_network_are_restarted_after_its_owner() -> None:
    planned = plan([TORRENT, VPN], "vpn")
    assert actions(planned) == [("vpn", "update"), ("torrent", "restart")]
    assert planned.actions[1].reason == shares({EdgeKind.NETWORK})
    assert planned.actions[1].parents == {VPN.id}


def test_restarts_follow_shared_networks_to_their_end() -> None:
    deep = [child("c", TORRENT), TORRENT, VPN]
    assert [name for name, _ in actions(plan(deep, "vpn"))] == ["vpn", "torrent", "c"]


def test_one_that_is_stale_itself_is_updated_and_not_only_restarted() -> None:
    planned = plan([TORRENT, VPN], "vpn", "torrent")
    assert actions(planned) == [("vpn", "update"), ("torrent", "update")]


def test_a_monitored_one_is_restarted_on_its_own_image_if_its_network_goes() -> None:
    watched = child("torrent", VPN, labels=label("monitor-only", "true"))  # type: ignore[arg-type]
    assert actions(plan([VPN, watched], "vpn", "torrent")) == [
        ("vpn", "update"),
        ("torrent", "restart"),
    ]


def test_a_stopped_dependant_is_recreated_too_since_it_could_never_start_again() -> None:
    planned = plan([VPN, child("torrent", VPN, state="exited")], "vpn")
    assert actions(planned) == [("vpn", "update"), ("torrent", "restart")]


def test_watchweb_does_not_pull_its_own_network_from_under_its_feet() -> None:
    planned = plan([VPN, TORRENT], "vpn", own="torrent")
    assert actions(planned) == []
    assert planned.left[VPN.id] == HOLDS_OWN


def test_a_circle_skips_its_members_only() -> None:
    def needs(name: str, other: str) -> ContainerSummary:
        return container(name, labels=label("depends-on", other))

    a, b, behind, apart = needs("a", "b"), needs("b", "a"), needs("x", "a"), container("y")
    planned = plan([a, b, behind, apart], "a", "b", "x", "y")
    assert sorted(actions(planned)) == [("x", "update"), ("y", "update")]
    assert set(planned.skipped) == {a.id, b.id}
    assert planned.skipped[a.id].endswith("in a circle: a, b.")


def led(state: str = "running") -> list[ContainerSummary]:
    """A web service that compose restarts with its database, and the database."""
    web = {COMPOSE_SERVICE: "web", COMPOSE_DEPENDS_ON: "db:service_healthy:true"}
    stack = {COMPOSE_PROJECT: "shop"}
    return [
        container("web", labels=stack | web, state=state),
        container("db", labels=stack | {COMPOSE_SERVICE: "db"}),
    ]


def test_compose_restarts_the_dependant_after_its_parent() -> None:
    planned = plan(led(), "db")
    assert actions(planned) == [("db", "update"), ("web", "restart")]
    assert planned.actions[1].reason == RESTARTS_WITH
    assert actions(plan(led(), "web")) == [("web", "update")]


@pytest.mark.parametrize("state", ["exited", "created", "paused"])
def test_compose_restarts_only_what_runs(state: str) -> None:
    assert actions(plan(led(state), "db")) == [("db", "update")]


def test_watchweb_is_not_restarted_with_its_database() -> None:
    planned = plan(led(), "db", own="web")
    assert actions(planned) == [("db", "update")]
    assert planned.left == {}


def shared(ties: Ties) -> Plan:
    """The plan for "web" with these ties, when "data" is stale."""
    return make_plan([WEB, DATA], {DATA.id: STALE, WEB.id: FRESH}, rules(), ties={WEB.id: ties})


@pytest.mark.parametrize(
    ("ties", "kind"),
    [
        (Ties(ipc=f"container:{DATA.id}"), EdgeKind.IPC),
        (Ties(pid="container:data"), EdgeKind.PID),
        (Ties(volumes_from=(f"{DATA.id[:12]}:ro",)), EdgeKind.VOLUMES_FROM),
    ],
)
def test_whoever_shares_anything_is_restarted_though_it_is_not_monitored(
    ties: Ties, kind: EdgeKind
) -> None:
    planned = shared(ties)
    assert actions(planned) == [("data", "update"), ("web", "restart")]
    assert planned.actions[1].reason == planned.actions[1].shares == shares({kind})
    assert planned.actions[1].parents == {DATA.id}


def test_a_link_is_an_order_and_no_restart() -> None:
    ties = Ties(links=("/data:/web/data",))
    assert actions(shared(ties)) == [("data", "update")]
    first = container("a")
    both = {DATA.id: STALE, first.id: STALE}
    linked = make_plan([first, DATA], both, rules(), ties={first.id: ties})
    assert actions(linked) == [("data", "update"), ("a", "update")]


def test_restarts_go_through_every_kind_of_tie() -> None:
    stack = {COMPOSE_PROJECT: "s"}
    side = container("side", network_mode="container:web", labels=stack | {COMPOSE_SERVICE: "side"})
    deep = container("deep", labels=stack | {COMPOSE_DEPENDS_ON: "side:x:true"})
    ties = {WEB.id: Ties(volumes_from=("data",))}
    planned = make_plan([deep, side, WEB, DATA], {DATA.id: STALE}, rules(), ties=ties)
    assert actions(planned) == [
        ("data", "update"),
        ("web", "restart"),
        ("side", "restart"),
        ("deep", "restart"),
    ]


def test_a_circle_through_ties_is_skipped_with_its_names() -> None:
    data = container("data", labels=label("depends-on", "web"))
    ties = {WEB.id: Ties(pid="container:data")}
    planned = make_plan([WEB, data], {data.id: STALE}, rules(), ties=ties)
    assert planned.actions == ()
    assert planned.skipped[WEB.id].endswith("in a circle: data, web.")


def test_watchweb_keeps_the_volumes_it_shares() -> None:
    ties = {WEB.id: Ties(volumes_from=("data",))}
    planned = make_plan([WEB, DATA], {DATA.id: STALE}, rules(), {WEB.id}, ties)
    assert planned.left == {DATA.id: HOLDS_OWN}


def test_compose_counts_for_nothing_when_it_is_switched_off() -> None:
    assert actions(plan(led(), "db", use_compose_depends_on=False)) == [("db", "update")]


@given(st.permutations(["a", "b", "vpn", "torrent", "z"]))
def test_the_plan_is_the_same_in_whichever_order_containers_are_listed(names: list[str]) -> None:
    modes = {"torrent": "container:vpn"}
    needs = {"a": label("depends-on", "z")}
    mixed = [
        container(one, network_mode=modes.get(one, ""), labels=needs.get(one, {})) for one in names
    ]
    assert [name for name, _ in actions(plan(mixed, *names))] == ["b", "vpn", "torrent", "z", "a"]
