"""The volumes and networks of an engine in memory: there as long as nobody removed them."""

from typing import Any

from updates.engine.errors import NoSuchObject

Json = dict[str, Any]


class Surroundings:
    """`gone`: those that somebody removed. `volumes`: when each was made, by name."""

    def __init__(self) -> None:
        self.gone: set[str] = set()
        self.volumes: dict[str, str] = {}

    def _volume(self, name: str) -> Json:
        if name in self.gone:
            raise NoSuchObject(f"The engine answered 404: get {name}: no such volume.", 404)
        return {"Name": name, "Driver": "local", "CreatedAt": self.volumes.get(name, "")}

    def _network(self, name: str) -> Json:
        if name in self.gone:
            raise NoSuchObject(f"The engine answered 404: network {name} not found.", 404)
        return {"Name": name, "Driver": "bridge"}
