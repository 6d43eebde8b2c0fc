"""A container that stays on the image it has: a blocked image, a hold until further notice."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.names import remote_digest
from tests.flow.bench import Bench
from updates.flow.check import Answer
from updates.flow.holds import Hold, why_held
from updates.flow.labels import ORIGINAL_IMAGE

BAD = FakeImage("bad", exit_code=1)
NAME = "shop/web:1"


@pytest.fixture
def failed(bench: Bench) -> Bench:
    """After a run in which the new image of web did not pass its gate."""
    bench.stale("web", NAME, new=BAD)
    assert bench.update()["web"].state == "rolled_back"
    bench.again()
    return bench


def test_an_image_that_failed_is_not_tried_again(failed: Bench) -> None:
    results = failed.update()
    assert results["web"].state == "stale"
    assert results["web"].reason.startswith("An update is available, but this image is blocked")
    assert "did not pass: It stopped with exit code 1." in results["web"].reason
    assert "lift the block" in results["web"].reason
    assert {"pull", "stop", "create"}.isdisjoint(failed.engine.counts())
    assert failed.recorder.plan.left.keys() == {failed.engine.named("web").id}


def test_a_scan_says_so_too_and_calls_it_an_update_all_the_same(failed: Bench) -> None:
    result = failed.scan()["web"]
    assert result.state == "stale"
    assert "this image is blocked" in result.reason
    assert failed.recorder.verdicts[failed.engine.named("web").id].status == "update_available"


def test_another_image_of_the_registry_is_tried_by_itself(failed: Bench) -> None:
    failed.engine.remote[NAME] = FakeImage("better")
    assert failed.update()["web"].state == "updated"


def test_without_a_registry_the_image_is_known_by_its_id(failed: Bench) -> None:
    """no-pull names no digest, and finds the bad image under the tag."""
    assert failed.update(no_pull=True)["web"].state == "stale"
    assert "stop" not in failed.engine.counts()
    assert len(failed.recorder.plan.left) == 1, "it is left before anything is done"


def test_an_image_made_on_the_host_that_failed_is_not_tried_again(bench: Bench) -> None:
    bench.engine.run("web", NAME)
    bench.engine.named("web").image.digests.clear()
    image = FakeImage("bad", exit_code=1)
    bench.engine.add_image(image, NAME)
    image.digests.clear()
    assert bench.update()["web"].state == "rolled_back"
    bench.again()
    assert bench.update()["web"].state == "stale"
    assert "stop" not in bench.engine.counts()
    assert len(bench.recorder.plan.left) == 1, "it is left before anything is done"


def test_a_mirror_that_brings_the_bad_one_again_under_a_new_digest_does_not_stop_it(
    failed: Bench,
) -> None:
    """The registry has moved on, the mirror has not: only after the pull it is seen."""
    failed.engine.mirrored[NAME] = BAD
    failed.engine.remote[NAME] = FakeImage("better")
    assert failed.update()["web"].state == "stale"
    assert failed.engine.counts()["pull"] == 1
    assert "stop" not in failed.engine.counts()


def test_the_block_is_for_this_container_alone(failed: Bench) -> None:
    old = failed.engine.named("web").image.id
    failed.engine.run("web-2", NAME, config={"Image": old, "Labels": {ORIGINAL_IMAGE: NAME}})
    results = failed.update()
    assert (results["web"].state, results["web-2"].state) == ("stale", "rolled_back")


def test_a_container_that_is_held_stays_whatever_the_registry_has(bench: Bench) -> None:
    bench.stale("web", NAME)
    bench.stale("db")
    bench.recorder.hold("web", "It went back.")
    results = bench.update()
    assert (results["web"].state, results["db"].state) == ("stale", "updated")
    assert results["web"].reason == (
        "An update is available; the container is held. It went back. "
        "Release it on its page to go on."
    )
    bench.again()
    bench.recorder.release("web")
    assert bench.update()["web"].state == "updated"


def test_a_held_container_is_still_restarted_with_its_parent(bench: Bench) -> None:
    parent = bench.stale("vpn")
    bench.stale("web", NAME, NetworkMode=f"container:{parent}")
    bench.recorder.hold("web", "It went back.")
    before = bench.engine.named("web").image.id
    assert bench.update()["web"].state == "restarted"
    assert bench.engine.named("web").image.id == before
    assert bench.engine.is_connected("web")


def test_a_setting_that_leaves_it_alone_is_told_first(failed: Bench) -> None:
    assert "monitor only" in failed.update(monitor_only=True)["web"].reason


def test_a_registry_that_is_away_does_not_free_what_is_blocked(failed: Bench) -> None:
    failed.registries.answers[NAME] = Answer(error="Away.")
    assert failed.update()["web"].state == "stale"
    assert "stop" not in failed.engine.counts()


def test_a_run_with_nothing_stale_does_not_ask_for_holds(bench: Bench) -> None:
    bench.fresh("web")
    bench.recorder.held = None  # type: ignore[assignment]
    assert bench.update()["web"].state == "fresh"


@pytest.mark.parametrize(
    ("digest", "image_id", "is_held"),
    [
        (remote_digest("bad"), "", True),
        ("", BAD.id, True),
        (remote_digest("other"), BAD.id, True),
        (remote_digest("other"), "", False),
        ("", "", False),
    ],
)
def test_an_image_is_known_by_either_of_its_names(
    digest: str, image_id: str, is_held: bool
) -> None:
    block = Hold(remote_digest("bad"), "It failed.", BAD.id)
    assert bool(why_held([block], digest, image_id)) is is_held


def test_a_block_that_knows_no_id_blocks_nothing_unknown() -> None:
    assert why_held([Hold("sha256:1", "It failed.")], "sha256:2", "") == ""


@pytest.mark.parametrize("why", ["It fails", "It fails."])
def test_a_reason_without_a_stop_is_a_sentence_all_the_same(why: str) -> None:
    assert "is held. It fails. Release it" in why_held([Hold("", why)], "sha256:1", "")
