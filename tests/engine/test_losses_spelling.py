"""What an engine says another way than it was asked for is not lost."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.documents import Json, container, endpoint, image, volume
from tests.engine.test_losses import LIMITS, MOUNT, config_losses, host_losses
from updates.engine.losses import losses
from updates.engine.spec import CreateBody, create_body


@pytest.mark.parametrize(
    ("key", "asked", "got"),
    [
        ("Entrypoint", [""], None),
        ("WorkingDir", "/", ""),
        ("Hostname", "mail", "MAIL"),
        ("StopSignal", "SIGINT", "2"),
        ("Env", ["B=2", "A=1", "GONE"], ["A=1", "B=2", "PATH=/bin"]),
        ("Env", ["A=1", "A=2"], ["A=2"]),
        ("Cmd", ["-v", "-v"], ["-v", "-v"]),
        ("Labels", {}, None),
        ("Labels", {"a": "1"}, {"a": "1", "of.the.image": "2"}),
        ("Volumes", {"/v/": {}}, {"/v": {}}),
        ("Healthcheck", {"Interval": 1}, {"Test": ["CMD", "t"], "Interval": 1}),
        ("Healthcheck", {"Test": ["NONE"]}, {"Test": ["NONE"]}),
        ("OnBuild", ["RUN x"], None),
        ("ArgsEscaped", True, None),
        ("MacAddress", "02:11:22:33:44:55", None),  # From 1.52 on it is nowhere before the start.
        ("StopTimeout", 0, None),
        ("AttachStdin", False, None),
    ],
)
def test_what_a_config_says_another_way_is_not_lost(key: str, asked: Any, got: Any) -> None:
    assert config_losses(key, asked, got) == ()


@pytest.mark.parametrize(
    ("key", "asked", "got"),
    [
        ("NetworkMode", "default", "bridge"),
        ("NetworkMode", "default", ""),
        ("RestartPolicy", {"Name": "no", "MaximumRetryCount": 0}, {"Name": ""}),
        ("PidsLimit", -1, None),
        ("PidsLimit", 0, None),
        ("Init", False, None),
        ("KernelMemory", 1 << 20, None),
        ("KernelMemoryTCP", 1 << 20, None),
        ("MemorySwappiness", 60, None),
        ("MemorySwap", 128 << 20, -1),
        ("OomKillDisable", True, None),
        ("BlkioWeight", 300, 0),
        ("CpuRealtimeRuntime", 950_000, 0),
        ("ConsoleSize", [24, 80], [0, 0]),
        ("CapAdd", ["NET_ADMIN", "sys_time"], ["CAP_SYS_TIME", "CAP_NET_ADMIN"]),
        ("SecurityOpt", ["no-new-privileges"], ["no-new-privileges:true"]),
        ("SecurityOpt", ["apparmor=x"], ["apparmor=x", "label=disable"]),
        ("DnsSearch", ["x.test", "x.test"], ["x.test"]),
        ("Links", ["db:database"], ["/db:/web/database"]),
        ("Ulimits", LIMITS, [LIMITS[1], {"Name": "core", "Hard": 1}, LIMITS[0]]),
        ("PortBindings", {"80/tcp": None, "81/tcp": []}, {}),
        ("PortBindings", {"80/tcp": [{"HostPort": ""}]}, {"80/tcp": [{"HostIp": "0.0.0.0"}]}),
        (
            "Devices",
            [{"PathInContainer": "/dev/x", "CgroupPermissions": "rwm"}],
            [{"PathOnHost": "/dev/x", "PathInContainer": "/dev/x", "CgroupPermissions": "mrw"}],
        ),
        ("Binds", ["v:/v/"], ["v:/v:rw"]),
        ("Mounts", [MOUNT | {"Target": "/v/"}], [MOUNT]),
        ("Mounts", [MOUNT | {"VolumeOptions": {"NoCopy": False}}], [MOUNT]),
        ("VolumesFrom", None, []),
        ("Sysctls", {}, None),
        ("LogConfig", {"Type": "", "Config": {}}, {"Type": "journald", "Config": None}),
    ],
)
def test_what_a_host_config_says_another_way_is_not_lost(key: str, asked: Any, got: Any) -> None:
    assert host_losses(key, asked, got) == ()


def test_what_an_engine_mounts_is_not_lost_wherever_it_says_so() -> None:
    assert host_losses("Mounts", [MOUNT], None, [volume("/v", "v")]) == ()
    assert host_losses("Binds", ["/a:/a"], None, [volume("/a/", "a")]) == ()
    both = CreateBody({"HostConfig": {"Mounts": [MOUNT]}})
    assert losses(both, container(host={"Binds": ["v:/v:rw"]})) == ()


def test_the_default_network_has_two_names() -> None:
    asked = {"EndpointsConfig": {"bridge": {"MacAddress": "02:11:22:33:44:55"}}}
    body = CreateBody({"NetworkingConfig": asked})
    assert losses(body, container(networks={"default": endpoint()})) == ()


def test_an_engine_without_a_default_network_has_not_lost_it() -> None:
    body = CreateBody({"NetworkingConfig": {"EndpointsConfig": {"bridge": {}}}})
    assert losses(body, container(networks={})) == ()


def test_what_podman_leaves_out_is_not_looked_for() -> None:
    body = CreateBody({"Domainname": "x.test"})
    shown = container(config={"Env": ["TERM=xterm", "container=podman"]})
    assert losses(body, shown) == ()
    assert losses(body, container(config={"Env": ["container=mine"]})) == ("Config.Domainname",)


TEXTS = st.text("abcXYZ019/._-=:", min_size=1, max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
MAPS = st.dictionaries(
    st.sampled_from(["Labels", "Cmd", "Ulimits", "Sysctls", "FromTheFuture", "Init"]), VALUES
)


def without_nothing(value: Any) -> Any:
    """The same, with what is null left out of maps, as an engine that omits it would show."""
    if isinstance(value, dict):
        return {key: without_nothing(one) for key, one in value.items() if one is not None}
    return [without_nothing(one) for one in value] if isinstance(value, list) else value


@given(config=MAPS, host=MAPS)
def test_an_engine_that_shows_all_it_was_asked_for_has_lost_nothing(
    config: Json, host: Json
) -> None:
    body = CreateBody(config | {"HostConfig": host})
    shown = container(config=copy.deepcopy(config), host=copy.deepcopy(host))
    assert losses(body, shown) == ()


TYPED = st.fixed_dictionaries(
    {
        "Env": st.lists(TEXTS.map("A={}".format), max_size=3),
        "Labels": st.dictionaries(TEXTS, TEXTS, max_size=3),
        "Cmd": st.none() | st.lists(TEXTS, max_size=3),
        "Entrypoint": st.none() | st.lists(TEXTS, max_size=2),
        "User": TEXTS,
    }
)


@given(config=TYPED, old_image=TYPED, new_image=TYPED)
def test_what_a_body_leaves_to_the_image_is_never_lost(
    config: Json, old_image: Json, new_image: Json
) -> None:
    document = container(config=config)
    body = create_body(document, image(**old_image), image="x", api_version="1.51")
    asked = {key: value for key, value in body.config.items() if value}
    env = [*(asked.get("Env") or []), *new_image["Env"]]
    labels = new_image["Labels"] | (asked.get("Labels") or {})
    merged = new_image | asked | {"Env": env, "Labels": labels}
    networks = asked["NetworkingConfig"]["EndpointsConfig"]
    assert losses(body, container(config=merged, networks=networks)) == ()
