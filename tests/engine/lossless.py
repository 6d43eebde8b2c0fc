"""Containers as people make them, for updates after which nothing but the image may be another."""

import json
from collections.abc import Iterator
from typing import Any

from tests.engine.bench import differences
from tests.lab.images import CONFIG, LOOP, MANIFEST, Blob, Image, ImageSpec, build

Json = dict[str, Any]
SECOND = 1_000_000_000
SHORT_ID = 12
# Of the moment, of the machine, or of the image itself.
_OWN = frozenset(
    {
        "Args",
        "Created",
        "ExecIDs",
        "GraphDriver",
        "HostnamePath",
        "HostsPath",
        "Id",
        "Image",
        "LogPath",
        "Path",
        "ResolvConfPath",
        "State",
    }
)
_OF_ENDPOINT = frozenset({"EndpointID", "NetworkID"})
_OF_MOUNT = ("Type", "Name", "Source", "Destination", "Driver", "RW", "Propagation")


def image(version: int) -> Image:
    """The lab's image with a default for everything that an image has one for."""
    built = build(ImageSpec(version=str(version)))
    document = json.loads(built.blobs[0].data)
    document["config"] |= defaults(version)
    blob = Blob.of(json.dumps(document).encode(), CONFIG)
    manifest = json.loads(built.manifest.data) | {"config": blob.descriptor}
    return Image(Blob.of(json.dumps(manifest).encode(), MANIFEST), (blob, *built.blobs[1:]))


def defaults(version: int) -> Json:
    """Each is another in each version, but for the path and the volume."""
    return {
        "Env": ["PATH=/bin", f"VERSION={version}", f"ONLY_IN_{version}=x", "GIVEN=image"],
        "Cmd": [*LOOP[:2], f"{LOOP[2]} # {version}"],
        "Labels": {"version": str(version), f"only-in-{version}": "x"},
        "Volumes": {"/anonymous": {}},
        "ExposedPorts": {f"{8000 + version}/tcp": {}},
        "WorkingDir": f"/work-{version}",
        "StopSignal": ["SIGTERM", "SIGINT"][version % 2],
        "Healthcheck": {
            "Test": ["CMD", "test", "-f", "/version", "-a", str(version)],
            "Interval": SECOND // 5 + version,
            "Retries": 20 + version,
        },
    }


def plain(document: Json) -> Json:
    """What is left of an inspect document once all is gone that may be another each time."""
    text = json.dumps({key: value for key, value in document.items() if key not in _OWN})
    text = text.replace(document["Id"], "ID").replace(document["Id"][:SHORT_ID], "ID")
    left: Json = json.loads(text)
    networks = left.pop("NetworkSettings")["Networks"]
    left["Networks"] = {name: _plain_endpoint(one) for name, one in networks.items()}
    mounts = [{key: one.get(key) for key in _OF_MOUNT} for one in left["Mounts"]]
    left["Mounts"] = sorted(mounts, key=lambda one: str(one["Destination"]))
    return left


def unexpected(before: Json, after: Json, old_image: Json, new_image: Json) -> Json:
    """Differences of two inspect documents that the images' own defaults do not explain."""
    found = differences(plain(before), plain(after))
    return {
        path: change
        for path, change in found.items()
        if not _is_of_images(path, change, old_image["Config"], new_image["Config"])
    }


def _plain_endpoint(one: Json) -> Json:
    left = {key: value for key, value in one.items() if key not in _OF_ENDPOINT}
    for key in ("Aliases", "DNSNames"):
        left[key] = sorted(set(left.get(key) or []))
    return left


def _is_of_images(path: str, change: tuple[Any, Any], old: Json, new: Json) -> bool:
    if path == "/Config/Image":
        return True
    if path == "/Config/Env":
        before, after = (set(entries) for entries in change)
        return before - after <= set(old["Env"]) and after - before <= set(new["Env"])
    if not path.startswith("/Config/"):
        return False
    return change in _defaults_at(path.removeprefix("/Config/"), old, new)


def _defaults_at(path: str, old: Json, new: Json) -> list[tuple[Any, Any]]:
    """(old, new) default at a path of an image's config; keys may hold slashes."""
    return list(zip(_at(path, old), _at(path, new), strict=True))


def _at(path: str, config: Json) -> Iterator[Any]:
    key, _, rest = path.partition("/")
    value = config.get(key)
    yield (value or {}).get(rest) if rest else value
