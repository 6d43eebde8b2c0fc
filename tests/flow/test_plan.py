"""What will be done, and why the rest is left alone."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.flow.rules import rules
from tests.flow.summaries import container, label
from updates.engine.container import ContainerSummary
from updates.flow.check import Verdict
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.plan import HOLDS_OWN, RESTARTS_WITH, SHARES_NETWORK, Plan, make_plan
from updates.flow.session import CheckStatus

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
    assert planned.actions[1].reason == SHARES_NETWORK
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
