"""Create bodies with everything that a user can set, by what they are about."""

from typing import Any

from tests.engine.bench import HOST_CONFIG
from tests.lab.images import LOOP

Json = dict[str, Any]
SECOND = 1_000_000_000
OWN_CMD = [*LOOP[:2], f"{LOOP[2]} # mine"]
PORTS = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18080"}]} | {
    f"{port}/udp": [{"HostIp": "", "HostPort": str(port)}] for port in range(19000, 19003)
}


def bodies(front: str, back: str, secret: str) -> dict[str, Json]:
    """By container name; two networks with IPv4 and IPv6, and a file on the host."""
    return {
        "bare": {"HostConfig": {"NetworkMode": "none"}},
        "settings": _settings(front),
        "mounts": _mounts(secret),
        "shell": {
            "Tty": True,
            "OpenStdin": True,
            "StdinOnce": True,
            "AttachStdin": True,
            "Entrypoint": ["/bin/sh"],
            "Cmd": OWN_CMD[1:],
            "HostConfig": {"NetworkMode": "none", "ReadonlyRootfs": True, "ConsoleSize": [24, 80]},
        },
        "host": {
            "HostConfig": {
                "NetworkMode": "host",
                "UTSMode": "host",
                "PidMode": "host",
                "IpcMode": "host",
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
            }
        },
        "linked": {
            "HostConfig": {"NetworkMode": front, "RestartPolicy": {"Name": "always"}},
            "NetworkingConfig": {"EndpointsConfig": {front: {"Links": ["settings:database"]}}},
        },
        "compose": _composed(back),
    }


def never_started() -> dict[str, Json]:
    """What a machine may not be able to do: a create takes it, and a start would look for it."""
    return {
        "gpu": _gpu(),
        "privileged": {
            "HostConfig": {
                "NetworkMode": "none",
                "Privileged": True,
                "Runtime": "runc",
                "CpusetCpus": "0",
                "CpuShares": 512,
                "MemoryReservation": 32 << 20,
                "MemorySwap": 256 << 20,
                "Memory": 128 << 20,
                "DeviceCgroupRules": ["c 1:3 rwm"],
                "BlkioDeviceReadBps": [{"Path": "/dev/null", "Rate": 1 << 20}],
                "PublishAllPorts": True,
                "VolumeDriver": "local",
                "DnsOptions": ["ndots:2"],
                "CgroupParent": "/lossless",
            },
        },
    }


def _gpu() -> Json:
    request = {
        "Driver": "nvidia",
        "Count": 0,
        "DeviceIDs": ["0", "GPU-1"],
        "Capabilities": [["gpu", "utility"]],
        "Options": {"visible": "true"},
    }
    return {"HostConfig": {"NetworkMode": "none", "DeviceRequests": [request]}}


def _settings(front: str) -> Json:
    chosen = {
        "IPAMConfig": {"IPv4Address": "10.213.41.77", "IPv6Address": "fd00:213:41::77"},
        "Aliases": ["shop", "www"],
    }
    return {
        "Hostname": "mail",
        "Domainname": "x.test",
        "User": "0:0",
        "Env": ["GIVEN=user", "MINE=1", "EMPTY="],
        "Cmd": OWN_CMD,
        "Labels": {"mine": "x", "only-in-1": "user"},
        "WorkingDir": "/bin",
        "StopSignal": "15",
        "StopTimeout": 3,
        "ExposedPorts": {"9/tcp": {}} | {port: {} for port in PORTS},
        "MacAddress": "02:11:22:33:44:55",
        "Healthcheck": {"Timeout": 3 * SECOND, "StartPeriod": SECOND // 10},
        "HostConfig": HOST_CONFIG | {"NetworkMode": front, "PortBindings": PORTS},
        "NetworkingConfig": {"EndpointsConfig": {front: chosen}},
    }


def _mounts(secret: str) -> Json:
    volume = {"Type": "volume", "Source": "lossless-data", "Target": "/data", "ReadOnly": True}
    return {
        "Volumes": {"/mine": {}},
        "HostConfig": {
            "NetworkMode": "none",
            "Binds": [f"{secret}:/etc/secret:ro", "lossless-named:/named"],
            "Tmpfs": {"/scratch": "size=1m"},
            "Mounts": [
                {"Type": "bind", "Source": secret, "Target": "/run/secrets/s", "ReadOnly": True},
                {"Type": "tmpfs", "Target": "/t", "TmpfsOptions": {"SizeBytes": 1 << 20}},
                {"Type": "volume", "Target": "/unnamed", "VolumeOptions": {"NoCopy": True}},
                volume,
            ],
        },
    }


def _composed(back: str) -> Json:
    """As compose asks for `web` of the project `shop`."""
    labels = {
        "com.docker.compose.config-hash": "5f" * 32,
        "com.docker.compose.container-number": "1",
        "com.docker.compose.depends_on": "",
        "com.docker.compose.image": "sha256:old",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.project": "shop",
        "com.docker.compose.project.config_files": "/srv/shop/compose.yaml",
        "com.docker.compose.project.working_dir": "/srv/shop",
        "com.docker.compose.service": "web",
        "com.docker.compose.version": "2.27.0",
    }
    return {
        "AttachStdout": True,
        "AttachStderr": True,
        "Labels": labels,
        "HostConfig": {
            "NetworkMode": back,
            "Binds": ["lossless-composed:/composed:rw"],
            "RestartPolicy": {"Name": "unless-stopped"},
            "ExtraHosts": ["other:192.0.2.4"],
            "LogConfig": {"Type": "json-file", "Config": {"max-file": "2", "max-size": "1m"}},
        },
        "NetworkingConfig": {
            "EndpointsConfig": {back: {"Aliases": ["shop-web-1", "web"], "Links": None}}
        },
    }
