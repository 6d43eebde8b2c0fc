"""The kinds of containers that the drill updates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.lab.images import ImageSpec

Json = dict[str, Any]
NETWORK, SUBNET, ADDRESS = "drill", "10.217.9.0/24", "10.217.9.10"
CHECK = {"Test": ["CMD", "/bin/test", "-f", "/version"], "Interval": 200_000_000, "Retries": 5}
ILL = CHECK | {"Test": ["CMD", "/bin/test", "-f", "/nowhere"], "Retries": 1}
# An engine that was killed counts what it finds running as stopped by hand: "unless-stopped" is
# not started again then, whoever has updated it.
POLICY = {"Name": "always", "MaximumRetryCount": 0}
VOLUME = ["drill-data:/named"]
HOOKS = {
    f"com.centurylinklabs.watchtower.lifecycle.{when}-update": "echo it >> /named/hooks"
    for when in ("pre", "post")
}
DEPENDS = "com.centurylinklabs.watchtower.depends-on"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One container of a kind. `writes`: a folder where its data is."""

    name: str
    image: str
    host: Json
    config: Json = field(default_factory=dict)
    network: Json = field(default_factory=dict)
    writes: str = ""
    shares_with: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Containers that are updated together, and the settings of the update. `ends`: what becomes
    of the first one if nothing else goes wrong."""

    name: str
    wanted: Sequence[Wanted]
    settings: Json = field(default_factory=dict)
    ends: str = "updated"

    @property
    def removes_itself(self) -> bool:
        return any(one.host.get("AutoRemove") for one in self.wanted)

    def __str__(self) -> str:
        return self.name


def _one(name: str, host: Json, *, image: str = "drill", **more: Any) -> Kind:
    return Kind(name, [Wanted("app", image, {"NetworkMode": "none"} | host, **more)])


def _pair(name: str, *, is_rolling: bool) -> Kind:
    host = {"NetworkMode": "none", "RestartPolicy": POLICY}
    web = Wanted("web", "drill", host, {"Labels": {DEPENDS: "db"}})
    db = Wanted("db", "drill", host | {"Binds": VOLUME}, writes="/named")
    return Kind(name, [db, web], {"rolling_restart": is_rolling})


PLAIN = _one("plain", {"RestartPolicy": POLICY, "Binds": VOLUME}, writes="/named")
KINDS = [
    PLAIN,
    Kind(
        "health",
        [Wanted("app", "drill-health", {"NetworkMode": "none", "RestartPolicy": POLICY})],
    ),
    replace(_one("ill", {"RestartPolicy": POLICY}, image="drill-ill"), ends="rolled_back"),
    Kind(
        "anonymous",
        [
            Wanted(
                "app",
                "drill-volume",
                {"NetworkMode": "none", "RestartPolicy": POLICY},
                writes="/data",
            )
        ],
    ),
    _one(
        "address",
        {"NetworkMode": NETWORK, "RestartPolicy": POLICY},
        network={NETWORK: {"IPAMConfig": {"IPv4Address": ADDRESS}, "Aliases": ["front"]}},
    ),
    Kind(
        "rm",
        [
            Wanted(
                "app", "drill-volume", {"NetworkMode": "none", "AutoRemove": True}, writes="/data"
            )
        ],
    ),
    Kind(
        "network",
        [
            Wanted("vpn", "drill", {"NetworkMode": NETWORK, "RestartPolicy": POLICY}),
            Wanted(
                "app",
                "drill-other",
                {"NetworkMode": "container:vpn", "RestartPolicy": POLICY},
                shares_with="vpn",
            ),
        ],
    ),
    Kind(
        "hooks",
        [
            Wanted(
                "app",
                "drill",
                {"NetworkMode": "none", "RestartPolicy": POLICY, "Binds": VOLUME},
                {"Labels": HOOKS},
                writes="/named",
            )
        ],
        {"enable_lifecycle_hooks": True},
    ),
    _pair("rolling", is_rolling=True),
    _pair("batch", is_rolling=False),
]
SPECS: dict[str, Callable[[str], ImageSpec]] = {
    "drill": lambda version: ImageSpec(version=version),
    "drill-other": lambda version: ImageSpec(version=version, env=("OTHER=1",)),
    "drill-health": lambda version: ImageSpec(version=version, healthcheck=CHECK),
    "drill-ill": lambda version: ImageSpec(
        version=version, healthcheck=CHECK if version == "1" else ILL
    ),
    "drill-volume": lambda version: ImageSpec(version=version, volumes=("/data",)),
}
