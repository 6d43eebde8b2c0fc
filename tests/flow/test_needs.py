"""Volumes and networks that are gone: nothing is touched, and no empty volume is made unsaid."""

import pytest

from tests.fakes.engine import FakeEngine
from tests.flow.test_rebuild import Ruin
from tests.flow.workshop import REMOVES_ITSELF, Workshop
from updates.engine.errors import EngineRefused
from updates.engine.spec import CreateBody
from updates.flow.endings import Lacking
from updates.flow.needs import check, networks_of, volumes_of
from updates.flow.session import State

BODY = CreateBody(
    {
        "HostConfig": {
            "Binds": ["data:/data", "/srv:/srv:ro", "cache:/cache:ro", "/anonymous"],
            "Mounts": [
                {"Type": "volume", "Source": "a" * 64, "Target": "/a"},
                {"Type": "volume", "Target": "/new"},
                {"Type": "bind", "Source": "/etc", "Target": "/etc"},
            ],
        },
        "NetworkingConfig": {"EndpointsConfig": {"shop": {}, "bridge": {}}},
    },
    {"back": {}},
)


def shop_with(gone: str = "", *, network: str = "") -> Workshop:
    """One with a volume; what a create makes has no network, in memory."""
    shop = Workshop()
    shop.engine.kept[shop.old_id].host["Binds"] = ["data:/data"]
    if network:
        shop.engine.kept[shop.old_id].networks[network] = {}
    shop.engine.gone |= {gone} - {""}
    return shop


def test_what_has_a_name_of_its_own_is_asked_for() -> None:
    assert volumes_of(BODY) == ["a" * 64, "cache", "data"]
    assert networks_of(BODY) == ["back", "shop"]
    assert volumes_of(CreateBody({})) == networks_of(CreateBody({})) == []


@pytest.mark.parametrize("gone", ["data", "shop"])
def test_what_is_gone_before_the_create_leaves_all_as_it_is(gone: str) -> None:
    shop = shop_with(gone, network="shop")
    outcome = shop.replace()
    assert (outcome.state, outcome.is_left) == (State.FAILED, False)
    assert f" {gone} is not on the host any more" in outcome.reason
    assert {"create", "stop", "rename", "remove"}.isdisjoint(shop.engine.counts())
    assert shop.journal.last.outcome == "failed"
    shop.check_old_one_is_back()


def test_what_is_gone_after_the_create_is_noticed_before_the_stop() -> None:
    shop = shop_with()
    shop.engine.lose_answer_on["create"] = lambda _: shop.engine.gone.add("data")
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.FAILED, False)
    assert "volume data is not on the host any more" in outcome.reason
    assert "stop" not in shop.engine.counts()
    shop.check_old_one_is_back()


def test_a_volume_that_is_written_to_meanwhile_is_still_the_same() -> None:
    """The engine tells another time of its making then."""
    shop = shop_with()
    shop.engine.volumes["data"] = "2026-01-01T00:00:00Z"

    def write(_: object) -> None:
        shop.engine.volumes["data"] = "2026-01-02T00:00:00Z"

    shop.engine.lose_answer_on["create"] = write
    assert shop.replace().state is State.UPDATED


@pytest.mark.parametrize(("status", "is_refused"), [(403, False), (405, False), (500, True)])
def test_a_proxy_that_lets_no_such_question_through_holds_nothing_up(
    status: int, is_refused: bool
) -> None:
    shop = shop_with()
    shop.engine.fail_on["inspect_volume"] = EngineRefused(f"It answered {status}.", status)
    assert shop.replace().state is (State.FAILED if is_refused else State.UPDATED)


def test_one_whose_volumes_begin_anew_needs_those_with_a_name_alone() -> None:
    engine = FakeEngine()
    engine.gone.add("data")
    with pytest.raises(Lacking, match="volume data"):
        check(BODY, engine)
    engine.gone.clear()
    check(BODY, engine)
    assert volumes_of(BODY) == ["a" * 64, "cache", "data"]


def test_a_rm_container_comes_back_without_its_volume_and_it_is_told() -> None:
    shop = Workshop(REMOVES_ITSELF)
    shop.engine.kept[shop.old_id].host["Binds"] = ["data:/data"]
    shop.new_image.exit_code = 1
    shop.engine.fail_on["remove"] = lambda _: shop.engine.gone.add("data")
    outcome = shop.replace()
    assert outcome.state is State.ROLLED_BACK
    assert outcome.reason.endswith("what it had in these volumes is gone: data.")
    assert shop.engine.names() == {"web"}


def test_one_that_is_made_again_with_an_empty_volume_says_so() -> None:
    ruin = Ruin()
    ruin.engine.gone.add("data")
    ruin.rebuild()
    assert ruin.result.state == "restarted"
    assert ruin.result.reason.endswith("These volumes were gone, and are empty now: data.")
