"""What a person does under a live worker: in the pull, before the stop, at the gate."""

import pytest

from tests.flow.bench import Bench
from tests.flow.workshop import REMOVES_ITSELF, Workshop
from updates.engine.errors import EngineRefused, NoSuchObject
from updates.flow.session import State

PORT = (
    "The engine answered 500: driver failed programming external connectivity on endpoint web: "
    "Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use."
)
ADDRESS = "The engine answered 403: Address already in use."
NETWORK = "The engine answered 404: network 4f53 not found."
VOLUME = "The engine answered 500: error while mounting volume '/v': no such device."


def new_id(shop: Workshop) -> str:
    return shop.journal.last.facts["new_id"]


def test_one_that_is_removed_during_the_pull_is_skipped(bench: Bench) -> None:
    old = bench.stale("web")
    bench.engine.fail_on["pull"] = lambda _: bench.engine.forget(old)
    result = bench.update()["web"]
    assert (result.state, result.reason) == (State.SKIPPED, "It is not there any more.")
    assert bench.engine.names() == set()


def test_one_that_is_made_anew_during_the_pull_is_left_alone(bench: Bench) -> None:
    old = bench.stale("web")
    theirs: list[str] = []

    def recreate(_: object) -> None:
        bench.engine.forget(old)
        theirs.append(bench.engine.run("web", "shop/web:1"))

    bench.engine.fail_on["pull"] = recreate
    assert bench.update()["web"].state is State.SKIPPED
    assert [*bench.engine.kept] == theirs


def test_one_that_is_renamed_during_the_pull_is_updated_under_its_new_name(bench: Bench) -> None:
    old = bench.stale("web")
    bench.engine.fail_on["pull"] = lambda _: bench.engine.rename(old, "mine")
    bench.engine.witness = lambda _: None
    assert bench.update()["web"].state is State.UPDATED
    assert bench.engine.names() == {"mine"}


def test_one_that_is_renamed_before_it_is_stopped_is_not_stopped() -> None:
    shop = Workshop()

    def rename(_: object) -> None:
        shop.engine.kept[shop.old_id].name = "mine"

    shop.engine.fail_on["create"] = rename
    outcome = shop.replace()
    assert outcome.state is State.FAILED
    assert outcome.reason == "Somebody renamed it to mine meanwhile: it was left alone."
    assert shop.engine.names() == {"mine"}
    assert "stop" not in shop.engine.counts()


def test_a_new_one_that_is_removed_at_the_gate_brings_the_old_one_back_and_blames_no_image() -> (
    None
):
    shop = Workshop()
    shop.engine.fail_on["start", 1] = lambda _: shop.engine.forget(new_id(shop))
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.ROLLED_BACK, False)
    shop = Workshop()
    shop.engine.lose_answer_on["start", 1] = lambda _: shop.engine.forget(new_id(shop))
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.ROLLED_BACK, False)
    assert outcome.reason == "Somebody removed the new container meanwhile."
    shop.check_old_one_is_back()


def test_a_rm_container_that_goes_at_the_gate_has_failed() -> None:
    shop = Workshop(REMOVES_ITSELF)
    shop.engine.lose_answer_on["start", 1] = lambda _: shop.engine.forget(new_id(shop))
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.ROLLED_BACK, True)


def test_a_new_one_that_is_renamed_at_the_gate_keeps_that_name_and_the_result_says_so() -> None:
    shop = Workshop()

    def rename(_: object) -> None:
        shop.engine.kept[new_id(shop)].name = "mine"

    shop.engine.lose_answer_on["start", 1] = rename
    outcome = shop.replace()
    assert outcome.state is State.UPDATED
    assert outcome.reason == "Somebody renamed it to mine meanwhile: it keeps that name."
    assert shop.engine.names() == {"mine"}


def test_another_one_made_in_its_place_at_the_gate_is_left_alone_and_the_old_one_kept() -> None:
    """As compose does it: the one that is there is removed, and another made."""
    shop = Workshop()
    theirs: list[str] = []

    def recreate(_: object) -> None:
        shop.engine.forget(new_id(shop))
        theirs.append(shop.engine.run("web", "shop/web:1"))

    shop.engine.lose_answer_on["start", 1] = recreate
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image, outcome.is_left) == (State.FAILED, False, False)
    assert "Somebody made another container named web meanwhile" in outcome.reason
    assert set(shop.engine.kept) == {*theirs, shop.old_id}
    assert not shop.engine.kept[shop.old_id].is_running


@pytest.mark.parametrize("message", [PORT, ADDRESS, NETWORK, VOLUME])
def test_what_its_host_has_not_for_it_is_not_the_images_fault(message: str) -> None:
    shop = Workshop()
    kind = NoSuchObject if "404" in message else EngineRefused
    shop.engine.fail_on["start"] = kind(message)
    outcome = shop.replace()
    assert (outcome.state, outcome.is_left, outcome.blames_image) == (State.FAILED, True, False)
    assert outcome.reason.count(message) == 2, "of the new one, and of the old one"
    assert shop.journal.last.is_open
