"""What counts as lost of what a create asked for."""

from typing import Any

import pytest

from tests.engine.documents import Json, container, endpoint
from updates.engine.losses import losses
from updates.engine.spec import CreateBody

MOUNT = {"Type": "volume", "Source": "v", "Target": "/v"}
SUBPATH = MOUNT | {"VolumeOptions": {"Subpath": "a"}}
LIMITS = [{"Name": "nofile", "Soft": 1, "Hard": 2}, {"Name": "nproc", "Soft": 1, "Hard": 2}]
BOUND = [{"HostIp": "", "HostPort": "8080"}]
GPU = {"Driver": "nvidia", "Count": -1, "DeviceIDs": None, "Capabilities": [["gpu"]]}


def config_losses(key: str, asked: Any, got: Any) -> tuple[str, ...]:
    return losses(CreateBody({key: asked}), container(config={key: got}))


def host_losses(key: str, asked: Any, got: Any, mounts: list[Json] | None = None) -> Any:
    body = CreateBody({"HostConfig": {key: asked}})
    return losses(body, container(host={key: got}, mounts=mounts))


def endpoint_losses(asked: Json, got: Json | None, *, after: bool = False) -> tuple[str, ...]:
    created = {"NetworkingConfig": {"EndpointsConfig": {"front": asked}}}
    body = CreateBody({}, {"front": asked}) if after else CreateBody(created)
    networks = {} if got is None else {"front": endpoint(**got)}
    return losses(body, container(networks=networks))


@pytest.mark.parametrize(
    ("key", "asked", "got", "lost"),
    [
        ("Tty", True, False, "Tty"),
        ("User", "app", "", "User"),
        ("StopTimeout", 7, None, "StopTimeout"),
        ("Domainname", "x.test", "", "Domainname"),
        ("FromTheFuture", {"deep": [1]}, None, "FromTheFuture.deep"),
        ("Env", ["A=1", "B=2"], ["PATH=/bin", "LANG=C", "A=1"], "Env.B"),
        ("Cmd", ["a", "b", "c"], ["a", "b"], "Cmd"),
        ("Labels", {"a": "1", "mark": ""}, {"a": "1", "of.the.image": "2"}, "Labels.mark"),
        ("Volumes", {"/v": {}}, {"/of-the-image": {}}, "Volumes./v"),
        ("ExposedPorts", {"80/tcp": {}}, {"81/tcp": {}}, "ExposedPorts.80/tcp"),
        (
            "Healthcheck",
            {"Test": ["CMD", "t"], "StartInterval": 5},
            {"Test": ["CMD", "t"]},
            "Healthcheck.StartInterval",
        ),
    ],
)
def test_what_is_lost_of_the_config_is_named(key: str, asked: Any, got: Any, lost: str) -> None:
    assert config_losses(key, asked, got) == (f"Config.{lost}",)
    assert config_losses(key, asked, asked) == ()


@pytest.mark.parametrize(
    ("key", "asked", "got", "lost"),
    [
        ("Init", True, None, "Init"),
        ("Memory", 64 << 20, 0, "Memory"),
        ("OomScoreAdj", -500, 0, "OomScoreAdj"),
        ("PidMode", "host", "", "PidMode"),
        ("ExtraHosts", ["a:192.0.2.1", "b:192.0.2.2"], ["a:192.0.2.1"], "ExtraHosts"),
        ("CapAdd", ["NET_ADMIN", "SYS_TIME"], ["CAP_NET_ADMIN"], "CapAdd"),
        ("Ulimits", LIMITS, LIMITS[:1], "Ulimits"),
        ("Ulimits", LIMITS, None, "Ulimits"),
        ("Sysctls", {"net.x": "1", "net.y": "0"}, {"net.x": "1"}, "Sysctls.net.y"),
        ("Tmpfs", {"/scratch": ""}, {}, "Tmpfs./scratch"),
        ("DeviceRequests", [GPU], [], "DeviceRequests"),
        ("DeviceRequests", [GPU], [GPU | {"Capabilities": None}], "DeviceRequests.Capabilities"),
        (
            "LogConfig",
            {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "3"}},
            {"Type": "json-file", "Config": {"max-size": "1m"}},
            "LogConfig.Config.max-file",
        ),
        (
            "RestartPolicy",
            {"Name": "on-failure", "MaximumRetryCount": 3},
            {"Name": "on-failure", "MaximumRetryCount": 0},
            "RestartPolicy.MaximumRetryCount",
        ),
        (
            "PortBindings",
            {"80/tcp": BOUND, "81/tcp": BOUND},
            {"80/tcp": BOUND},
            "PortBindings.81/tcp",
        ),
        ("PortBindings", {"80/tcp": BOUND * 2}, {"80/tcp": BOUND}, "PortBindings.80/tcp"),
        ("Binds", ["/a:/a", "v:/v:ro"], ["/a:/a"], "Binds"),
        ("Mounts", [MOUNT], [], "Mounts"),
        ("Mounts", [SUBPATH], [MOUNT | {"VolumeOptions": {}}], "Mounts.VolumeOptions.Subpath"),
        ("Mounts", [MOUNT | {"ReadOnly": True}], [MOUNT], "Mounts.ReadOnly"),
    ],
)
def test_what_is_lost_of_the_host_config_is_named(
    key: str, asked: Any, got: Any, lost: str
) -> None:
    assert host_losses(key, asked, got) == (f"HostConfig.{lost}",)
    assert host_losses(key, asked, asked) == ()


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("asked", "got", "lost"),
    [
        ({}, None, ""),
        (
            {"IPAMConfig": {"IPv4Address": "10.1.0.9"}},
            {"IPAMConfig": {}},
            ".IPAMConfig.IPv4Address",
        ),
        (
            {"IPAMConfig": {"IPv4Address": "10.1.0.9", "IPv6Address": "fd00::9"}},
            {"IPAMConfig": {"IPv4Address": "10.1.0.9"}},
            ".IPAMConfig.IPv6Address",
        ),
        ({"Aliases": ["web", "www"]}, {"Aliases": ["web"]}, ".Aliases"),
        ({"Links": ["db:database"]}, {"Links": None}, ".Links"),
        ({"DriverOpts": {"x": "1"}}, {"DriverOpts": {"y": "1"}}, ".DriverOpts.x"),
        ({"GwPriority": 10}, {}, ".GwPriority"),
    ],
)
def test_what_is_lost_of_the_networks_is_named(
    asked: Json, got: Json | None, lost: str, after: bool
) -> None:
    expected = f"NetworkSettings.Networks.front{lost}"
    assert endpoint_losses(asked, got, after=after) == (expected,)
    assert endpoint_losses(asked, asked, after=after) == ()


def test_losses_come_sorted_and_without_values() -> None:
    body = CreateBody(
        {"Env": ["PASSWORD=s3cret"], "HostConfig": {"Init": True}, "Domainname": "x.test"}
    )
    lost = losses(body, container())
    assert lost == ("Config.Domainname", "Config.Env.PASSWORD", "HostConfig.Init")


def test_a_document_without_its_parts_has_lost_what_was_asked() -> None:
    body = CreateBody({"Tty": True, "HostConfig": {"Init": True}}, {"front": {}})
    expected = ("Config.Tty", "HostConfig.Init", "NetworkSettings.Networks.front")
    assert losses(body, {}) == losses(body, {"Config": None, "HostConfig": None}) == expected
    assert losses(CreateBody({}), {}) == ()
