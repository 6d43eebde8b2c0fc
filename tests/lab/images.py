"""Images from nothing: one layer of busybox, one that says the version. No engine needed."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.lab.missing import program

APPLETS = ("sh", "sleep", "httpd", "wget", "cat", "echo", "ls", "touch", "rm", "test", "kill", "id")
# Ends at once on SIGTERM: a shell waits for its child, and `wait` is interrupted by the trap.
LOOP = ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"]
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImageSpec:
    """What an image holds and says."""

    version: str = "1"
    env: tuple[str, ...] = ()
    cmd: tuple[str, ...] = tuple(LOOP)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    healthcheck: Json | None = field(default=None, hash=False)
    volumes: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict, hash=False)
    ballast_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes with their digest."""

    data: bytes
    media_type: str

    @property
    def digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"

    @property
    def descriptor(self) -> Json:
        return {"mediaType": self.media_type, "size": len(self.data), "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Image:
    """A manifest and its blobs, ready for a registry."""

    manifest: Blob
    blobs: tuple[Blob, ...]

    @property
    def image_id(self) -> str:
        """What an engine with the graph-driver store calls it: the config's digest."""
        return self.blobs[0].digest


def build(spec: ImageSpec) -> Image:
    """The image, byte for byte the same for the same spec."""
    layers = [_base(), _layer({"version": spec.version, **spec.files}, spec.ballast_bytes)]
    config = _config(spec, [_diff_id(layer) for layer in layers])
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor,
        "layers": [layer.descriptor for layer in layers],
    }
    return Image(Blob(json.dumps(document).encode(), MANIFEST), (config, *layers))


def _config(spec: ImageSpec, diff_ids: list[str]) -> Blob:
    settings: Json = {
        "Env": ["PATH=/bin", f"VERSION={spec.version}", *spec.env],
        "Cmd": list(spec.cmd),
        "WorkingDir": "/",
        "Labels": {"org.opencontainers.image.version": spec.version, **spec.labels},
        "Volumes": {path: {} for path in spec.volumes},
        "ExposedPorts": {port: {} for port in spec.exposed},
    }
    if spec.healthcheck:
        settings["Healthcheck"] = spec.healthcheck
    document = {
        "architecture": "amd64",
        "os": "linux",
        "created": f"2026-01-{int(spec.version) % 28 + 1:02d}T00:00:00Z",
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [{"created_by": "lab"} for _ in diff_ids],
    }
    return Blob(json.dumps(document).encode(), CONFIG)


@cache
def _base() -> Blob:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in ("bin", "etc", "tmp", "data", "www"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        binary = Path(program("busybox")).read_bytes()
        _add(tar, "bin/busybox", binary, 0o755)
        _add(tar, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\n", 0o644)
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return Blob(gzip.compress(buffer.getvalue(), 6, mtime=0), LAYER)


def _layer(files: Mapping[str, str], ballast_bytes: int) -> Blob:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            _add(tar, name, text.encode(), 0o644)
        if ballast_bytes:
            _add(tar, "ballast", _noise(files["version"], ballast_bytes), 0o644)
    return Blob(gzip.compress(buffer.getvalue(), 1, mtime=0), LAYER)


def _noise(seed: str, length: int) -> bytes:
    return hashlib.shake_128(seed.encode()).digest(length)


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))


def _diff_id(layer: Blob) -> str:
    return f"sha256:{hashlib.sha256(gzip.decompress(layer.data)).hexdigest()}"
