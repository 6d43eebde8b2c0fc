"""Where each container of a plan comes."""

from dataclasses import replace

from tests.flow.rules import rules
from tests.flow.summaries import container, label
from updates.engine.container import ContainerSummary
from updates.flow.check import Verdict
from updates.flow.places import Place, places_of
from updates.flow.plan import make_plan
from updates.flow.session import CheckStatus

STALE = Verdict(CheckStatus.UPDATE_AVAILABLE, reason="The registry has another image.")


def places(*containers: ContainerSummary) -> dict[str, Place]:
    """By name, when an update of all of them is planned."""
    planned = make_plan(containers, dict.fromkeys((one.id for one in containers), STALE), rules())
    found = places_of(planned.actions)
    return {one.name: found[one.id] for one in containers if one.id in found}


def after(name: str, *parents: str) -> ContainerSummary:
    return container(name, labels=label("depends-on", ",".join(parents)))


def test_those_that_wait_for_nobody_are_the_first_wave() -> None:
    assert places(container("a"), container("b")) == {"a": Place(1, 1), "b": Place(2, 1)}


def test_a_wave_is_one_after_the_last_that_is_waited_for() -> None:
    found = places(after("web", "api", "db"), after("api", "db"), container("db"))
    assert found == {
        "db": Place(1, 1),
        "api": Place(2, 2, ("db",)),
        "web": Place(3, 3, ("api", "db")),
    }


def test_those_that_share_something_say_with_whom() -> None:
    vpn = container("vpn")
    torrent = container("torrent", network_mode=f"container:{vpn.id}")
    found = places(vpn, torrent, container("other"))
    assert found["vpn"].shares_with == ("torrent",)
    assert found["torrent"] == replace(found["torrent"], waits_for=("vpn",), shares_with=("vpn",))
    assert found["other"].shares_with == ()
