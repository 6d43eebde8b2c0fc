"""A plan carried out: a container's trouble stays its own, and groups stay together."""

from typing import Any

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.names import remote_digest
from tests.flow.bench import Bench
from tests.flow.faults import catching
from tests.flow.summaries import label
from updates.engine.errors import EngineError, EngineRefused, PullFailed
from updates.flow.decide import MIRROR_LAGS
from updates.flow.edges import EdgeKind, shares
from updates.flow.session import Interrupted

BROKEN = EngineRefused("The engine answered 500: broken.", 500)


def vpn(bench: Bench, *, new: FakeImage | None = None, **torrent: Any) -> None:
    """A stale "vpn", and a fresh "torrent" that lives in its network."""
    parent = bench.stale("vpn", new=new)
    bench.fresh("torrent", NetworkMode=f"container:{parent}", **torrent)


def test_a_fault_of_ours_in_one_container_fails_it_rolls_it_back_and_lets_the_others_go_on(
    bench: Bench,
) -> None:
    bench.stale("a")
    bench.stale("b")
    bench.engine.fail_on["start", 1] = KeyError("odd")
    results = bench.update(guard=catching)
    assert bench.states() == {"a": "failed", "b": "updated"}
    assert results["a"].reason == "A fault: KeyError."
    assert bench.engine.named("a").image.seed == "shop/a:1"
    assert bench.engine.named("a").is_running
    assert bench.engine.names() == {"a", "b"}


def test_an_odd_inspect_fails_its_container_and_touches_nothing(bench: Bench) -> None:
    bench.stale("a")
    bench.engine.omits = "HostConfig"
    assert bench.update(guard=catching)["a"].state == "failed"
    assert set(bench.engine.counts()).isdisjoint({"create", "stop", "rename", "start", "remove"})


@pytest.mark.parametrize("name", ["create", "stop", "rename", "start", "set_restart_policy"])
def test_one_containers_failure_leaves_the_others_going(bench: Bench, name: str) -> None:
    for container in "abc":
        bench.stale(container, RestartPolicy={"Name": "always"})
    first = {"rename": 3, "create": 2, "start": 2, "stop": 2, "set_restart_policy": 2}[name]
    bench.engine.fail_on[name, first] = BROKEN
    bench.update()
    states = bench.states()
    assert states.pop("b") in ("failed", "rolled_back")
    assert states == {"a": "updated", "c": "updated"}
    assert bench.engine.names() == set("abc")


def test_a_failed_pull_fails_those_that_wait_for_it_and_no_others(bench: Bench) -> None:
    for name, image in [("a", "x/one:1"), ("b", "x/one:1"), ("c", "x/two:1")]:
        bench.stale(name, image)
    bench.engine.fail_on["pull", 1] = PullFailed("manifest unknown")
    results = bench.update()
    assert bench.states() == {"a": "failed", "b": "failed", "c": "updated"}
    assert results["a"].reason == "The pull of x/one:1 failed: manifest unknown"


def test_those_in_a_network_are_recreated_in_the_new_one_on_their_own_image(bench: Bench) -> None:
    vpn(bench)
    results = bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")
    assert bench.engine.named("torrent").image.seed == "shop/torrent:1"
    torrent = results["torrent"]
    assert torrent.reason == shares({EdgeKind.NETWORK})
    assert torrent.new_image_id == torrent.old_image_id
    assert torrent.new_id == bench.engine.named("torrent").id


def test_those_in_a_network_that_was_rolled_back_are_connected_again(bench: Bench) -> None:
    vpn(bench, new=FakeImage("bad", exit_code=1))
    bench.update()
    assert bench.states() == {"vpn": "rolled_back", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")


def test_those_in_a_network_whose_owner_could_not_be_created_are_left_alone(bench: Bench) -> None:
    vpn(bench)
    bench.engine.fail_on["create"] = BROKEN
    results = bench.update()
    assert bench.states() == {"vpn": "failed", "torrent": "fresh"}
    assert results["torrent"].reason == "The owner of what it shares stayed."
    assert bench.engine.is_connected("torrent")
    assert bench.engine.counts()["stop"] == 0


def test_one_in_a_network_that_a_fault_of_ours_touched_is_connected_again(bench: Bench) -> None:
    vpn(bench)
    bench.engine.fail_on["rename", 1] = KeyError("odd")
    bench.update(guard=catching)
    assert bench.states() == {"vpn": "failed", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")


def test_one_whose_own_pull_failed_still_gets_the_new_network(bench: Bench) -> None:
    parent = bench.stale("vpn")
    bench.stale("torrent", NetworkMode=f"container:{parent}")
    bench.engine.fail_on["pull"] = lambda call: (
        PullFailed("no space") if "torrent" in call.target else None
    )
    results = bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "failed"}
    assert "no space" in results["torrent"].reason
    assert bench.engine.is_connected("torrent")


def test_one_whose_pull_brought_the_same_image_still_gets_the_new_network(bench: Bench) -> None:
    parent = bench.stale("vpn")
    bench.fresh("torrent", NetworkMode=f"container:{parent}")
    bench.engine.named("torrent").image.digests = [f"shop/torrent@{remote_digest('before')}"]
    bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")


def test_a_monitored_one_of_the_same_tag_keeps_its_image_and_its_tag_when_restarted(
    bench: Bench,
) -> None:
    parent = bench.stale("vpn", "shop/app:1")
    config = {"Labels": label("monitor-only", "true")}
    bench.stale("side", "shop/app:1", config=config, NetworkMode=f"container:{parent}")
    bench.update()
    assert bench.states() == {"vpn": "updated", "side": "restarted"}
    assert bench.engine.named("side").image.seed == "shop/app:1"
    bench.again()
    assert bench.scan()["side"].image == "shop/app:1"
    assert bench.states() == {"vpn": "fresh", "side": "stale"}


def test_a_stopped_run_leaves_nobody_behind_in_a_network_that_is_gone(bench: Bench) -> None:
    vpn(bench)
    bench.stale("web")
    bench.recorder.goes_on = 3  # two pulls and the first container
    with pytest.raises(Interrupted):
        bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")


def test_a_stopped_run_goes_on_while_somebody_waits_for_his_network(bench: Bench) -> None:
    config = {"Labels": label("depends-on", "web")}
    vpn(bench, config=config)
    bench.stale("web")
    bench.stale("yet-another")
    bench.recorder.goes_on = 4  # three pulls and the first container
    with pytest.raises(Interrupted):
        bench.update()
    assert bench.states() == {"vpn": "updated", "web": "updated", "torrent": "restarted"}
    assert bench.engine.is_connected("torrent")


def test_a_run_is_interrupted_between_containers_and_never_within_one(bench: Bench) -> None:
    for name in "abc":
        bench.stale(name)
    bench.recorder.goes_on = 4  # three pulls and the first container
    with pytest.raises(Interrupted):
        bench.update()
    assert bench.states() == {"a": "updated"}
    seeds = {name: bench.engine.named(name).image.seed for name in "abc"}
    assert seeds == {"a": "new shop/a:1", "b": "shop/b:1", "c": "shop/c:1"}


def test_the_same_image_after_a_pull_is_fresh_and_not_pulled_again(bench: Bench) -> None:
    bench.fresh("web")
    before = bench.engine.named("web")
    before.image.digests = [f"shop/web@{remote_digest('before')}"]
    results = bench.update()
    assert results["web"].state == "fresh"
    assert results["web"].reason == "The pull brought the same image."
    assert bench.engine.named("web") is before
    assert (remote_digest("shop/web:1"), before.image.id) in bench.registries.known
    bench.again()
    assert bench.update()["web"].state == "fresh"
    assert bench.engine.counts()["pull"] == 0


def lag(bench: Bench, name: str) -> None:
    """The mirror has the image that the container runs; the registry has another one."""
    bench.stale(name)
    bench.engine.mirrored[f"shop/{name}:1"] = bench.engine.named(name).image


def test_a_mirror_that_lags_behind_leaves_it_stale_and_is_tried_again(bench: Bench) -> None:
    lag(bench, "web")
    before = bench.engine.named("web")
    result = bench.update()["web"]
    assert (result.state, result.reason) == ("stale", MIRROR_LAGS)
    assert result.new_digest == remote_digest("new shop/web:1")
    assert bench.engine.named("web") is before
    assert bench.registries.known == set()
    bench.again()
    assert bench.update()["web"].state == "stale"
    assert bench.engine.counts()["pull"] == 1
    bench.engine.mirrored.clear()
    bench.again()
    assert bench.update()["web"].state == "updated"


def test_a_mirror_that_lags_behind_but_has_a_newer_image_is_an_update(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.mirrored["shop/web:1"] = FakeImage("between")
    result = bench.update()["web"]
    assert (result.state, result.new_digest) == ("updated", remote_digest("between"))
    assert bench.engine.named("web").image.seed == "between"


def test_what_does_not_exist_for_the_platform_is_skipped_and_left_as_it_is(bench: Bench) -> None:
    bench.stale("a")
    bench.stale("b")
    before = bench.engine.named("a")
    bench.registries.lacking["shop/a:1"] = "shop/a:1 is not available for linux/amd64."
    results = bench.update()
    assert bench.states() == {"a": "skipped", "b": "updated"}
    assert results["a"].reason == "shop/a:1 is not available for linux/amd64."
    assert bench.engine.named("a") is before
    assert ("shop/a:1", remote_digest("new shop/a:1"), "linux/amd64") in bench.registries.asked_for


@pytest.mark.parametrize("why", [MIRROR_LAGS, "It is not available."])
def test_one_that_gets_no_new_image_still_gets_the_new_network(bench: Bench, why: str) -> None:
    parent = bench.stale("vpn")
    bench.stale("torrent", NetworkMode=f"container:{parent}")
    if why is MIRROR_LAGS:
        bench.engine.mirrored["shop/torrent:1"] = bench.engine.named("torrent").image
    else:
        bench.registries.lacking["shop/torrent:1"] = why
    results = bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert results["torrent"].reason == f"{why} {shares({EdgeKind.NETWORK})}"
    assert bench.engine.is_connected("torrent")
    assert bench.engine.named("torrent").image.seed == "shop/torrent:1"


def test_a_result_says_how_long_its_container_took(bench: Bench) -> None:
    bench.stale("web")
    assert bench.update(gate_seconds=3)["web"].seconds == pytest.approx(3)


def test_how_long_one_took_begins_with_its_pull(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.fail_on["pull"] = bench.takes(20)
    assert bench.update(gate_seconds=3)["web"].seconds == pytest.approx(23)


def test_a_pull_that_failed_took_its_time_too(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.fail_on["pull"] = bench.takes(20, EngineError("No."))
    assert bench.update()["web"].seconds == pytest.approx(20)


def test_an_error_while_one_is_looked_up_is_its_own(bench: Bench) -> None:
    bench.stale("a")
    bench.stale("b")
    bench.engine.fail_on["inspect_image", 1] = EngineError("No.")
    bench.update()
    assert bench.states() == {"a": "failed", "b": "updated"}
