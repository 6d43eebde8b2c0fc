"""The HostConfig of a recreated container."""

import pytest

from tests.engine.documents import ANONYMOUS, Json, container, volume
from updates.engine.hostspec import host_config

OLD_VPN, NEW_VPN = "a" * 64, "b" * 64
NEW_IDS = {OLD_VPN: NEW_VPN}


def carried(host: Json, mounts: list[Json]) -> Json:
    return host_config(container(host=host, mounts=mounts), {})


@pytest.mark.parametrize("key", ["NetworkMode", "IpcMode", "PidMode", "Cgroup"])
@pytest.mark.parametrize(
    ("mode", "moved"),
    [
        (f"container:{OLD_VPN}", f"container:{NEW_VPN}"),
        (f"container:{OLD_VPN[:12]}", f"container:{NEW_VPN}"),
        (f"container:{OLD_VPN[:6]}", f"container:{NEW_VPN}"),
        ("container:vpn", "container:vpn"),
        ("container:aaa", "container:aaa"),
        ("host", "host"),
        ("private", "private"),
    ],
)
def test_a_shared_namespace_moves_to_the_new_container(key: str, mode: str, moved: str) -> None:
    assert host_config(container(host={key: mode}), NEW_IDS)[key] == moved


def test_volumes_from_move_with_their_mode() -> None:
    document = container(host={"VolumesFrom": [f"{OLD_VPN}:ro", OLD_VPN[:6], "data:rw"]})
    assert host_config(document, NEW_IDS)["VolumesFrom"] == [f"{NEW_VPN}:ro", NEW_VPN, "data:rw"]


def test_links_are_written_as_a_create_takes_them() -> None:
    document = container(host={"Links": ["/db:/web/database", "broken", "/c:/web/c"]})
    assert host_config(document, {})["Links"] == ["db:database", "c:c"]


def test_an_anonymous_volume_goes_along_by_name() -> None:
    host = carried({}, [volume("/data"), volume("/read", RW=False)])
    assert host["Mounts"] == [
        {"Type": "volume", "Source": ANONYMOUS, "Target": "/data"},
        {"Type": "volume", "Source": ANONYMOUS, "Target": "/read", "ReadOnly": True},
    ]


def test_a_named_volume_and_a_bind_stay_as_they_are() -> None:
    host = {
        "Binds": ["named:/named/:ro", "/etc:/etc"],
        "Mounts": [{"Type": "volume", "Source": "mine", "Target": "/mine"}],
    }
    mounts = [
        volume("/named", "named"),
        volume("/mine", "mine"),
        {"Type": "bind", "Source": "/etc", "Destination": "/etc"},
    ]
    assert {key: carried(host, mounts)[key] for key in host} == host


def test_an_unnamed_mount_of_the_users_gets_its_name_and_keeps_its_options() -> None:
    options = {"NoCopy": True}
    own = {"Type": "volume", "Target": "/data/", "VolumeOptions": options}
    host = carried({"Mounts": [own]}, [volume("/data")])
    assert host["Mounts"] == [own | {"Source": ANONYMOUS}]


def test_an_unnamed_bind_becomes_a_named_mount() -> None:
    host = carried({"Binds": ["/data", "/etc:/etc"]}, [volume("/data")])
    assert host["Binds"] == ["/etc:/etc"]
    assert [mount["Source"] for mount in host["Mounts"]] == [ANONYMOUS]


def test_a_named_volume_of_another_container_comes_with_it() -> None:
    mounts = [volume("/theirs", "named"), volume("/data")]
    host = carried({"VolumesFrom": ["db"]}, mounts)
    assert [mount["Target"] for mount in host["Mounts"]] == ["/data"]


def test_values_that_a_create_refuses_are_put_right() -> None:
    host = carried(
        {
            "Devices": [{"PathOnHost": "/dev/x", "CgroupPermissions": ""}],
            "Ulimits": [{"Name": "RLIMIT_NOFILE", "Soft": 1, "Hard": 2}],
            "MemorySwappiness": -1,
        },
        [],
    )
    assert host["Devices"] == [{"PathOnHost": "/dev/x", "CgroupPermissions": "rwm"}]
    assert host["Ulimits"] == [{"Name": "nofile", "Soft": 1, "Hard": 2}]
    assert host["MemorySwappiness"] is None


def test_a_device_of_an_old_client_has_its_permissions_absent() -> None:
    host = carried({"Devices": [{"PathOnHost": "/dev/x"}]}, [])
    assert host["Devices"] == [{"PathOnHost": "/dev/x", "CgroupPermissions": "rwm"}]


def test_what_is_empty_stays_as_it_is() -> None:
    empty = {
        "Binds": None,
        "Mounts": None,
        "Links": [],
        "VolumesFrom": None,
        "Devices": None,
        "Ulimits": [],
        "PortBindings": {},
        "NetworkMode": "",
        "IpcMode": "",
        "RestartPolicy": {"Name": ""},
        "ConsoleSize": [0, 0],
        "Init": None,
        "OomKillDisable": None,
        "MemorySwappiness": None,
        "CpuShares": 0,
    }
    assert carried(empty, []) == container(host=empty)["HostConfig"]


def test_what_it_has_no_rule_for_goes_along() -> None:
    own = {
        "UTSMode": "host",
        "DeviceRequests": [{"Driver": "nvidia", "Count": -1, "Capabilities": [["gpu"]]}],
        "Mounts": [
            {"Type": "volume", "Source": "v", "Target": "/v", "VolumeOptions": {"Subpath": "a/b"}},
            {"Type": "tmpfs", "Target": "/t", "TmpfsOptions": {"SizeBytes": 1 << 20}},
            {"Type": "bind", "Source": "/s", "Target": "/run/secrets/s", "ReadOnly": True},
            {"Type": "image", "Source": "shop/data:1", "Target": "/i"},
        ],
        "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
        "Tmpfs": {"/scratch": "size=1m"},
    }
    mounts = [
        volume("/v", "v"),
        {"Type": "tmpfs", "Source": "", "Destination": "/t"},
        {"Type": "bind", "Source": "/s", "Destination": "/run/secrets/s", "RW": False},
        {"Type": "image", "Source": "shop/data:1", "Destination": "/i", "RW": False},
    ]
    host = carried(own, mounts)
    assert {key: host[key] for key in own} == own
