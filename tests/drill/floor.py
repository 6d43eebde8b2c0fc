"""Where the drill takes place, and what must be true of each container afterwards."""

import contextlib
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker

from tests.drill.kinds import ADDRESS, NETWORK, SPECS, SUBNET, Kind, Wanted
from tests.lab.images import archive, build

Json = dict[str, Any]
MARK = "kept"
_START_S = 5.0
_ADDED = re.compile(r"image\.version|original-image")  # The image's own; ours, for a bare image id.


class Floor:
    """An engine with the images of the drill, on which a kind is set up and looked at."""

    def __init__(self, api: docker.APIClient) -> None:
        self.api = api
        self.ids: dict[str, str] = {}
        self.faces: dict[str, Json] = {}
        self.volumes: set[str] = set()

    def prepare(self) -> None:
        """Images in two versions, and a network."""
        for name in SPECS:
            for version in ("1", "2"):
                self.load(name, version)
                self.ids[f"{name}:{version}"] = self.api.inspect_image(f"{name}:{version}")["Id"]
        self.connect()

    def load(self, name: str, version: str) -> None:
        for _ in self.api.load_image(archive(build(SPECS[name](version)), f"{name}:{version}")):
            pass

    def connect(self) -> None:
        """The network."""
        pools = [docker.types.IPAMPool(subnet=SUBNET)]
        ipam = docker.types.IPAMConfig(pool_configs=pools)
        self.api.create_network(NETWORK, driver="bridge", ipam=ipam)

    def clear(self) -> None:
        """No container and no volume."""
        for one in self.api.containers(all=True):
            with contextlib.suppress(docker.errors.APIError):
                self.api.remove_container(one["Id"], force=True, v=True)
        for volume in self.api.volumes()["Volumes"] or ():
            with contextlib.suppress(docker.errors.APIError):
                self.api.remove_volume(volume["Name"], force=True)

    def set_up(self, kind: Kind) -> None:
        """The containers on version 1, and every tag moved to version 2."""
        self.clear()
        for image in {one.image for one in kind.wanted}:
            self.api.tag(f"{image}:1", image, "latest")
        made: dict[str, str] = {}
        for one in kind.wanted:
            made[one.name] = self._create(one, made)
        for one in kind.wanted:
            if one.writes:
                self.run(one.name, f"echo {MARK} > {one.writes}/mark")
        for image in {one.image for one in kind.wanted} - {"drill-other"}:
            self.api.tag(f"{image}:2", image, "latest")
        self.faces = {one.name: face(self.api.inspect_container(one.name)) for one in kind.wanted}
        self.volumes = self._volumes()

    def _create(self, one: Wanted, made: Json) -> str:
        host = dict(one.host)
        if one.shares_with:
            host["NetworkMode"] = f"container:{made[one.shares_with]}"
        body = {"Image": f"{one.image}:latest", **one.config, "HostConfig": host}
        if one.network:
            body["NetworkingConfig"] = {"EndpointsConfig": one.network}
        container = str(self.api.create_container_from_config(body, one.name)["Id"])
        self.api.start(container)
        return container

    def run(self, container: str, command: str) -> str:
        made = self.api.exec_create(container, ["/bin/sh", "-c", command])
        return str(self.api.exec_start(made["Id"]).decode().strip())

    def troubles(self, kind: Kind) -> list[str]:
        """What is not as it must be; each begins with lost, duplicate, leftover or changed."""
        names = [one["Names"][0].lstrip("/") for one in self.api.containers(all=True)]
        wanted = {one.name: one for one in kind.wanted}
        found = [self._beside(name, wanted) for name in names if name not in wanted]
        found += [f"lost {name}" for name in wanted if name not in names]
        found += [f"leftover volume {name}" for name in self._volumes() - self.volumes]
        found += [f"lost volume {name}" for name in self.volumes - self._volumes()]
        for name in wanted.keys() & set(names):
            found += self._about(wanted[name])
        return found

    def _beside(self, name: str, wanted: Mapping[str, Wanted]) -> str:
        runs = self.api.inspect_container(name)["State"]["Running"]
        is_double = runs and any(name.startswith(f"{one}-watchweb") for one in wanted)
        return f"{'duplicate' if is_double else 'leftover'} container {name}"

    def _about(self, one: Wanted) -> list[str]:
        document = self._settled(one.name)
        if not document["State"]["Running"]:
            return [f"lost {one.name}: it is {document['State']['Status']}"]
        found = []
        if self.version(one) not in ("1", "2"):
            found.append(f"changed image of {one.name}")
        now, before = face(document), self.faces[one.name]
        found += [
            f"changed {key} of {one.name}: {now[key]}" for key in now if now[key] != before[key]
        ]
        if one.writes and self.run(one.name, f"cat {one.writes}/mark") != MARK:
            found.append(f"lost data of {one.name}")
        if one.shares_with and self._network(one.name) != self._network(one.shares_with):
            found.append(f"lost network of {one.name}")
        return found

    def _settled(self, name: str) -> Json:
        """Its inspect: an engine that was started again starts its containers by and by."""
        end = time.monotonic() + _START_S
        while True:
            document = dict(self.api.inspect_container(name))
            if document["State"]["Running"] or time.monotonic() > end:
                return document
            time.sleep(0.1)

    def version(self, one: Wanted) -> str:
        """ "1" or "2"; "" for another image."""
        image = self.api.inspect_container(one.name)["Image"]
        return next((v for v in "12" if self.ids[f"{one.image}:{v}"] == image), "")

    def _network(self, name: str) -> str:
        pid = self.api.inspect_container(name)["State"]["Pid"]
        return str(Path(f"/proc/{pid}/ns/net").readlink())

    def _volumes(self) -> set[str]:
        return {one["Name"] for one in self.api.volumes()["Volumes"] or ()}


def face(document: Json) -> Json:
    """What a person would miss: policy, mounts, networks with addresses and aliases, labels."""
    host = document["HostConfig"]
    mode = host["NetworkMode"]
    own = document["Id"][:12]
    return {
        "restart policy": host["RestartPolicy"],
        "--rm": host["AutoRemove"],
        "network mode": mode.partition(":")[0],
        "mounts": sorted((one["Name"], one["Destination"]) for one in document["Mounts"]),
        "networks": {
            name: [
                one.get("IPAMConfig"),
                sorted(set(one.get("Aliases") or ()) - {own}),
                ADDRESS in (one.get("IPAMConfig") or {}).values() and one["IPAddress"],
            ]
            for name, one in document["NetworkSettings"]["Networks"].items()
        },
        "labels": {k: v for k, v in document["Config"]["Labels"].items() if not _ADDED.search(k)},
    }
