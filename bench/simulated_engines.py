"""A process that answers as many Docker Engines, each at its own port: bench/engines.py asks it.

They have containers and images to list, and nothing else. Source: Engine API.
"""

import asyncio
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bench import wire
from bench.child import Json, serve_beside

_API = "1.47"
_VERSION = {
    "Version": "27.0.0",
    "ApiVersion": _API,
    "MinAPIVersion": "1.24",
    "Os": "linux",
    "Arch": "amd64",
}
_FIELDS = {"Api-Version": _API, "Server": "Docker/27.0.0 (linux)", "Ostype": "linux"}
_PREFIX = re.compile(r"^/v\d\.\d+(?=/)")
_CREATED = 1_767_225_600


class SimulatedEngine:
    """One engine. `containers` are pairs of an image's reference and of its digest here."""

    def __init__(self, name: str, containers: Sequence[tuple[str, str]], calls: Counter[str]):
        self._calls = calls
        images = dict(containers)
        documents = {
            "/version": _VERSION,
            "/info": {"ID": name, "Name": name, "RegistryConfig": {"Mirrors": []}},
            "/containers/json": [
                _container(name, number, reference)
                for number, (reference, _) in enumerate(containers)
            ],
            "/images/json": [_image(*image) for image in images.items()],
        }
        self._answers = {
            path: wire.answer("200 OK", json.dumps(document).encode(), _FIELDS)
            for path, document in documents.items()
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, to its end."""
        with suppress(ConnectionError):
            while head := await wire.read_head(reader):
                path = _PREFIX.sub("", head.words[1].partition("?")[0])
                self._calls[path] += 1
                absent = wire.answer("404 Not Found", b'{"message": "page not found"}')
                writer.write(self._answers.get(path, absent))
                await writer.drain()
        writer.close()


def _container(engine: str, number: int, reference: str) -> dict[str, Any]:
    return {
        "Id": _hex(f"{engine} {number}"),
        "Names": [f"/app-{number}"],
        "Image": reference,
        "ImageID": f"sha256:{_hex(reference)}",
        "Command": "/bin/app",
        "Created": _CREATED,
        "State": "running",
        "Status": "Up 2 hours",
        "Ports": [],
        "Labels": {"com.docker.compose.project": "apps", "com.docker.compose.service": "app"},
        "HostConfig": {"NetworkMode": "bridge"},
        "NetworkSettings": {"Networks": {"bridge": {}}},
        "Mounts": [],
    }


def _image(reference: str, digest: str) -> dict[str, Any]:
    repository = reference.rpartition(":")[0]
    return {
        "Id": f"sha256:{_hex(reference)}",
        "ParentId": "",
        "RepoTags": [reference],
        "RepoDigests": [f"{repository}@{digest}"],
        "Created": _CREATED,
        "Size": 1_000_000,
        "Labels": {},
        "Containers": -1,
    }


def _hex(seed: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(seed.encode()).hexdigest()


async def main() -> None:
    calls = Counter[str]()
    servers: list[asyncio.Server] = []

    async def url_of(name: str, containers: Sequence[tuple[str, str]]) -> str:
        engine = SimulatedEngine(name, containers, calls)
        servers.append(await asyncio.start_server(engine.serve, "127.0.0.1", 0))
        return f"tcp://127.0.0.1:{servers[-1].sockets[0].getsockname()[1]}"

    async def answer(command: Json) -> Json:
        added = command.get("engines", {})
        urls = {name: await url_of(name, containers) for name, containers in added.items()}
        said = {"urls": urls, "calls": dict(calls)}
        calls.clear()
        return said

    await serve_beside(answer)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
