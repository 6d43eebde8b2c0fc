"""Updates through the whole flow, on both engines: only the image is another afterwards."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.engine import wardrobe
from tests.engine.lossless import defaults, unexpected
from tests.engine.shelf import Shelf
from tests.lab.registry import Registry
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.losses import losses
from updates.engine.spec import CreateBody
from updates.engine.version import is_at_least

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.lab,
    pytest.mark.xdist_group("lab"),
]
Json = dict[str, Any]
COMPOSE_IMAGE = "com.docker.compose.image"
MOVES_ON = f"/Config/Labels/{COMPOSE_IMAGE}"
SECOND = 1_000_000_000
# What an engine shows of the container whose network another one shares.
_INHERITED = {"/Config/Hostname", "/Config/Domainname", "/HostnamePath", "/HostsPath"}
_MADE_BY_HAND = """
    run -d --name made --init --read-only --tty --interactive --network front --ip 10.213.41.50
    --network-alias one --network-alias two --dns 192.0.2.53 --dns-search x.test --cpus 0.5
    --add-host other:192.0.2.4 --memory 64m --pids-limit 50 --ulimit nofile=100:200 --group-add 5
    --cap-add NET_ADMIN --cap-drop MKNOD --security-opt no-new-privileges --tmpfs /scratch:size=1m
    --sysctl net.ipv4.ip_forward=1 --device /dev/null:/dev/nil --shm-size 1m --oom-score-adj 100
    --log-opt max-size=1m --restart on-failure:3 --env MINE=1 --env GIVEN=user --label mine=x
    --volume lossless-cli:/named --volume /cli --mount type=tmpfs,destination=/t,tmpfs-size=1m
    --mount type=volume,destination=/unnamed --publish 127.0.0.1:18090:80
    --publish 19010-19012:19010-19012/udp --expose 9 --hostname mail --stop-timeout 3
    --health-timeout 3s --cgroupns host --ipc private
"""


@pytest.fixture(params=["lab_engine", "lab_engine_newer"])
def shelf(
    request: pytest.FixtureRequest, transactional_db: None, lab_registry: Registry
) -> Iterator[Shelf]:
    engine = request.getfixturevalue(request.param)
    with closing(engine.api()) as api:
        yield Shelf(engine, api, lab_registry)


@pytest.fixture
def secret(shelf: Shelf) -> str:
    """A file that the engine can see: the newer one has another root."""
    path = Path(shelf.engine.root) / "secret"
    path.write_text("s3cret")
    return str(path)


def test_three_updates_change_nothing_but_what_the_image_gives(shelf: Shelf, secret: str) -> None:
    name = shelf.fetch_first()
    front, back = shelf.network("front", 41), shelf.network("back", 42)
    bodies = wardrobe.bodies(front, back, secret)
    for container, body in bodies.items():
        shelf.create(name, container, **body)
    second = {"ipv4_address": "10.213.42.78", "aliases": ["backdoor"]}
    shelf.api.connect_container_to_network("settings", back, **second)
    first = before = shelf.look([*bodies])
    for version in (2, 3, 4):
        shelf.move_on(version, [*bodies])
        now = shelf.look([*bodies])
        assert _differing(shelf, before, now, is_first=version == 2) == {}
        assert _differing(shelf, first, now, is_first=True) == {}
        assert _defaults_of(now["bare"]) == defaults(version)
        assert shelf.output("bare", "echo $VERSION:$GIVEN") == f"{version}:image"
        assert shelf.output("settings", "echo $VERSION:$GIVEN:$MINE") == f"{version}:user:1"
        before = now


def test_what_was_never_started_comes_back_and_still_is_not_started(shelf: Shelf) -> None:
    name = shelf.fetch_first()
    bodies = wardrobe.never_started()
    for container, body in bodies.items():
        shelf.create(name, container, start=False, **body)
    first = shelf.look([*bodies])
    shelf.move_on(2, [*bodies], include_stopped=True)
    now = shelf.look([*bodies])
    assert _differing(shelf, first, now, is_first=True) == {}
    assert {one["State"]["Status"] for one in now.values()} == {"created"}
    requests = now["gpu"]["HostConfig"]["DeviceRequests"]
    assert requests == bodies["gpu"]["HostConfig"]["DeviceRequests"]


def test_what_an_engine_takes_no_notice_of_is_found_lost(shelf: Shelf) -> None:
    health = {"Test": ["CMD", "true"], "FromTheFuture": 1}
    own = {"Image": shelf.fetch_first(), "Healthcheck": health}
    body = CreateBody(own | {"HostConfig": {"NetworkMode": "none", "AlsoNew": {"deep": [True]}}})
    with Engine(Endpoint(shelf.engine.url)) as engine:
        made = engine.inspect_container(engine.create("odd", body))
    assert losses(body, made) == ("Config.Healthcheck.FromTheFuture", "HostConfig.AlsoNew.deep")


def test_the_data_of_every_volume_is_there_after_each_update(shelf: Shelf, secret: str) -> None:
    body = wardrobe.bodies("", "", secret)["mounts"]
    body["HostConfig"]["Mounts"][-1]["ReadOnly"] = False
    name = shelf.fetch_first()
    shelf.create(name, "mounts", **body)
    shelf.create(name, "once", HostConfig={"AutoRemove": True})
    places = ["/anonymous", "/mine", "/named", "/unnamed", "/data"]
    for place in places:
        shelf.output("mounts", f"echo {place} > {place}/kept")
    shelf.output("once", "echo once > /anonymous/kept")
    for version in (2, 3, 4):
        shelf.move_on(version, ["mounts", "once"])
        shelf.output("mounts", "touch /seen")  # Not on a volume: goes with the container.
        kept = shelf.output("mounts", "cat " + " ".join(f"{place}/kept" for place in places))
        assert kept.split() == places
        assert shelf.output("mounts", "cat /etc/secret /run/secrets/s") == "s3crets3cret"
        assert shelf.output("once", "cat /anonymous/kept") == "once"


def test_one_is_reached_by_its_names_and_addresses_after_an_update(shelf: Shelf) -> None:
    name = shelf.fetch_first()
    front = shelf.network("front", 41)
    chosen = {
        "IPAMConfig": {"IPv4Address": "10.213.41.9", "IPv6Address": "fd00:213:41::9"},
        "Aliases": ["alias"],
    }
    asked = {"EndpointsConfig": {front: chosen}}
    here = {"NetworkMode": front}
    shelf.create(name, "web", HostConfig=here, NetworkingConfig=asked, Hostname="mail")
    peer = {"com.centurylinklabs.watchtower.enable": "false"}
    shelf.create(name, "peer", HostConfig=here, Labels=peer)
    hosts = ["web", "alias", "mail", "10.213.41.9", "fd00:213:41::9"]
    if "bad address" in shelf.output("peer", "/bin/busybox ping -c 1 -w 10 web 2>&1"):
        hosts = hosts[3:]  # An engine without iptables has no names, before or after.
    for version in (2, 3):
        shelf.move_on(version, ["web"])
        for host in hosts:
            said = shelf.output("peer", f"/bin/busybox ping -c 1 -w 10 {host} 2>&1")
            assert "1 packets received" in said, said
            assert "(10.213.41.9)" in said or "(fd00:213:41::9)" in said


def test_those_that_share_with_another_go_with_it(shelf: Shelf) -> None:
    name = shelf.fetch_first()
    network = shelf.network("front", 41)
    parent = shelf.create(name, "vpn", HostConfig={"NetworkMode": network})
    shared = {
        "NetworkMode": f"container:{parent}",
        "VolumesFrom": ["vpn:ro"],
    }
    shelf.create(name, "side", HostConfig=shared)
    shelf.output("vpn", "echo shared > /anonymous/kept")
    for version in (2, 3):
        before = shelf.look(["vpn", "side"])
        shelf.move_on(version, ["vpn", "side"])
        now = shelf.look(["vpn", "side"])
        host = now["side"]["HostConfig"]
        assert host["NetworkMode"] == f"container:{now['vpn']['Id']}"
        assert host["VolumesFrom"] == ["vpn:ro"]
        left = _differing(shelf, before, now, is_first=version == 2)
        assert left.pop("side").keys() <= {"/HostConfig/NetworkMode", *_INHERITED}
        assert left == {}
        assert shelf.output("side", "cat /anonymous/kept") == "shared"


def test_a_part_of_a_volume_is_mounted_again(shelf: Shelf) -> None:
    if not is_at_least(shelf.api.version()["ApiVersion"], "1.45"):
        pytest.skip("This engine mounts no part of a volume.")
    name = shelf.fetch_first()
    shelf.create(name, "maker", HostConfig={"NetworkMode": "none", "Binds": ["parts:/all"]})
    shelf.output("maker", "mkdir /all/part; echo part > /all/part/kept")
    options = {"Subpath": "part"}
    mount = {"Type": "volume", "Source": "parts", "Target": "/part", "VolumeOptions": options}
    start = {"Interval": SECOND, "StartPeriod": SECOND, "StartInterval": SECOND // 4}
    shelf.create(name, "web", Healthcheck=start, HostConfig={"Mounts": [mount]})
    first = shelf.look(["web"])
    for version in (2, 3):
        shelf.move_on(version, ["web", "maker"])
        now = shelf.look(["web"])
        assert _differing(shelf, first, now, is_first=True) == {}
        own = [one for one in now["web"]["HostConfig"]["Mounts"] if one["Target"] == "/part"]
        assert own == [mount]
        assert now["web"]["Config"]["Healthcheck"]["StartInterval"] == SECOND // 4
        assert shelf.output("web", "cat /part/kept") == "part"


def test_one_made_by_the_docker_command_comes_back(shelf: Shelf) -> None:
    name = shelf.fetch_first()
    shelf.network("front", 41)
    _docker(shelf, *_MADE_BY_HAND.split(), name)
    first = before = shelf.look(["made"])
    for version in (2, 3, 4):
        shelf.move_on(version, ["made"])
        now = shelf.look(["made"])
        assert _differing(shelf, before, now, is_first=version == 2) == {}
        assert _differing(shelf, first, now, is_first=True) == {}
        before = now
    for key in ("Cmd", "StopSignal", "WorkingDir"):
        assert now["made"]["Config"][key] == defaults(4)[key]


def _docker(shelf: Shelf, *argv: str) -> None:
    command = shutil.which("docker")
    if command is None:
        pytest.skip("The docker command is not installed.")
    done = subprocess.run([command, "-H", shelf.engine.url, *argv], capture_output=True, text=True)
    if "is too old" in done.stderr:
        pytest.skip("The docker command that is installed is too old for this engine.")
    assert (done.returncode, done.stderr) == (0, "")


def _differing(
    shelf: Shelf, before: dict[str, Json], now: dict[str, Json], *, is_first: bool
) -> dict[str, Json]:
    """Unexpected differences by container. The first update names the unnamed volumes."""
    found: dict[str, Json] = {}
    for name, old in before.items():
        left = unexpected(old, now[name], shelf.image_of(old), shelf.image_of(now[name]))
        if is_first:
            left.pop("/HostConfig/Mounts", None)
        if COMPOSE_IMAGE in old["Config"]["Labels"]:
            assert left.pop(MOVES_ON)[1] == now[name]["Image"]
        found |= {name: left} if left else {}
    return found


def _defaults_of(container: Json) -> Json:
    return {key: container["Config"][key] for key in defaults(1)}
