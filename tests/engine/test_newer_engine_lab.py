"""On an engine that speaks nothing below API 1.44: networks in the create, a signal in the stop."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from tests.engine.bench import Bench, differences, everything
from tests.engine.images import WAIT_FOR_TERM
from tests.lab.images import ImageSpec
from tests.lab.newer_dockerd import NewerDockerd
from tests.lab.registry import Registry
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.pull import PullSnapshot
from updates.engine.version import HIGHEST, is_at_least, version_tuple

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("lab")]


@pytest.fixture
def bench(lab_engine_newer: NewerDockerd) -> Iterator[Bench]:
    with closing(Bench(lab_engine_newer.url)) as made:
        yield made


def test_the_newest_version_that_both_know_is_spoken(bench: Bench) -> None:
    info = bench.engine.open()
    assert info.min_api_version == "1.44"
    assert is_at_least(info.server_api_version, "1.45")
    both = min(info.server_api_version, HIGHEST, key=version_tuple)
    assert info.api_version == both
    assert bench.engine.containers() == []


def test_one_that_took_an_older_version_when_it_was_last_seen_is_asked_anew(
    bench: Bench, lab_engine_newer: NewerDockerd
) -> None:
    now = bench.engine.open()
    older = replace(now, api_version="1.41", server_api_version="1.41", min_api_version="1.12")
    with Engine(Endpoint(lab_engine_newer.url), info=older) as engine:
        assert engine.containers() == []
        assert engine.info == now
    with Engine(Endpoint(lab_engine_newer.url), info=now) as engine:
        engine.containers()
        assert engine.calls == {"containers": 1}


def test_a_container_with_everything_comes_back_the_same(bench: Bench) -> None:
    old_id = everything(bench)
    old = bench.engine.inspect_container(old_id)
    new_id = bench.recreate(old_id, bench.old)
    new = bench.engine.inspect_container(new_id)
    assert differences(old["Config"], new["Config"]) == {"/Hostname": (old_id[:12], new_id[:12])}
    assert set(differences(old["HostConfig"], new["HostConfig"])) == {"/Mounts"}
    assert mounts(old) == mounts(new)
    assert old["Config"]["MacAddress"] == "02:11:22:33:44:55"
    assert bench.engine.calls["connect"] == 0


def test_several_networks_come_back_with_all_that_was_chosen(bench: Bench) -> None:
    front, back, old_id = on_two_networks(bench)
    old = networks(bench, old_id)
    new_id = bench.recreate(old_id, bench.new)
    new = networks(bench, new_id)
    assert bench.engine.calls["connect"] == 0, "both are in the create"
    assert {path.rpartition("/")[2] for path in differences(old, new)} == {"EndpointID", "DNSNames"}
    assert (new[front]["IPAddress"], new[back]["IPAddress"]) == ("10.213.1.77", "10.213.2.78")
    assert new[front]["MacAddress"] == "02:11:22:33:44:55"
    assert new[back]["MacAddress"] == "02:11:22:33:44:66"
    assert (new[front]["Aliases"], new[back]["Aliases"]) == (["x", "xx"], ["y"])


def test_the_data_of_an_anonymous_volume_is_there(bench: Bench) -> None:
    old_id = bench.run("db", Volumes={"/anonymous": {}})
    bench.engine.exec(old_id, ["sh", "-c", "echo kept > /anonymous/data"], timeout_s=5)
    new_id = bench.recreate(old_id, bench.new)
    bench.engine.remove(old_id)
    result = bench.engine.exec(new_id, ["cat", "/anonymous/data"], timeout_s=5)
    assert result.output == "kept\n"


def test_the_size_of_all_layers_is_told_when_only_images_are_counted(bench: Bench) -> None:
    assert bench.engine.layers_size() > 0


def test_the_signal_is_sent_by_the_stop_itself(bench: Bench) -> None:
    one, began = bench.run("one"), int(time.time())
    bench.engine.stop(one, signal="SIGUSR1", timeout_s=10)
    state = bench.engine.inspect_container(one)["State"]
    assert (state["Running"], state["ExitCode"]) == (False, 0)
    # A signal sent beforehand would have ended it: nothing would be left to stop.
    assert set(happened(bench, one, began)) == {("kill", "10"), ("stop", None), ("die", None)}


def test_a_container_deaf_to_the_signal_is_ended_by_force(bench: Bench) -> None:
    deaf = ["/bin/sh", "-c", "trap '' USR1; while :; do sleep 0.05; done"]
    one, began = bench.run("one", Cmd=deaf), int(time.time())
    bench.engine.stop(one, signal="SIGUSR1", timeout_s=1)
    signals = [signal for action, signal in happened(bench, one, began) if action == "kill"]
    assert signals == ["10", "9"]


def test_a_pull_tells_its_progress_and_names_the_digest(
    bench: Bench, lab_registry: Registry
) -> None:
    spec = ImageSpec(version="7", ballast_bytes=3_000_000)
    digest = lab_registry.push("engine/newer", "1", spec)
    name, told = f"{lab_registry.address}/engine/newer", list[PullSnapshot]()
    got = bench.engine.pull(name, tag="1", auth=None, on_progress=told.append, deadline_s=60)
    assert got == digest
    assert bench.engine.inspect_image(f"{name}:1")["RepoDigests"] == [f"{name}@{digest}"]
    assert told[-1].layers_done == told[-1].layers_total == 2
    assert told[-1].current_bytes == told[-1].total_bytes > 3_000_000
    totals = [one.current_bytes for one in told]
    assert totals == sorted(totals)


def on_two_networks(bench: Bench) -> tuple[str, str, str]:
    """(first network, second network, container): made in one create, as only 1.44 can."""
    front, back = bench.network("front", "10.213.1.0/24"), bench.network("back", "10.213.2.0/24")
    first = {
        "IPAMConfig": {"IPv4Address": "10.213.1.77"},
        "Aliases": ["x", "xx"],
        "MacAddress": "02:11:22:33:44:55",
    }
    second = {
        "IPAMConfig": {"IPv4Address": "10.213.2.78"},
        "Aliases": ["y"],
        "MacAddress": "02:11:22:33:44:66",
    }
    made = bench.run(
        "two",
        Cmd=WAIT_FOR_TERM,
        HostConfig={"NetworkMode": front},
        NetworkingConfig={"EndpointsConfig": {front: first, back: second}},
    )
    return front, back, made


def networks(bench: Bench, container: str) -> dict[str, Any]:
    return dict(bench.engine.inspect_container(container)["NetworkSettings"]["Networks"])


def mounts(container: dict[str, Any]) -> set[tuple[str, str, bool]]:
    """(volume or source, place, writable) of each."""
    found = container["Mounts"]
    return {(one.get("Name") or one["Source"], one["Destination"], one["RW"]) for one in found}


def happened(bench: Bench, container: str, since: int) -> list[tuple[str, str | None]]:
    """(what, signal) of each of the engine's own events about the end of a container."""
    events = bench.api.events(
        since=since,
        until=int(time.time()) + 1,
        filters={"container": [container], "event": ["kill", "stop", "die"]},
        decode=True,
    )
    return [(one["Action"], one["Actor"]["Attributes"].get("signal")) for one in events]
