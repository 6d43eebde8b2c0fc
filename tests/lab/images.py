"""Images from nothing: one layer of busybox, one that says the version. No engine needed."""

import gzip
import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.lab.missing import static_busybox

APPLETS = ("sh", "sleep", "httpd", "wget", "cat", "echo", "ls", "touch", "rm", "test", "kill", "id")
# Ends at once on SIGTERM: a shell waits for its child, and `wait` is interrupted by the trap.
LOOP = ["/bin/sh", "-c", "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done"]
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
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

    data: bytes = field(repr=False)
    media_type: str
    digest: str
    diff_id: str = ""  # Of a layer: the digest of the tar in it.

    @classmethod
    def of(cls, data: bytes, media_type: str) -> "Blob":
        return cls(data, media_type, _sha256(data))

    @classmethod
    def layer(cls, tar: bytes, level: int) -> "Blob":
        """A tar file, compressed at `level`."""
        data = gzip.compress(tar, level, mtime=0)
        return cls(data, LAYER, _sha256(data), diff_id=_sha256(tar))

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
    config = _config(spec, [layer.diff_id for layer in layers])
    document = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor,
        "layers": [layer.descriptor for layer in layers],
    }
    return Image(Blob.of(json.dumps(document).encode(), MANIFEST), (config, *layers))


def archive(image: Image, name: str) -> bytes:
    """The image as `docker load` takes it: it gets the name, and no registry is known for it."""
    config, *layers = image.blobs
    files = {f"{n}.tar.gz": layer.data for n, layer in enumerate(layers)}
    entry = {"Config": "config.json", "RepoTags": [name], "Layers": list(files)}
    files |= {"config.json": config.data, "manifest.json": json.dumps([entry]).encode()}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, data in files.items():
            _add(tar, path, data, 0o644)
    return buffer.getvalue()


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
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": _created(spec.version),
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [{"created_by": "lab"} for _ in diff_ids],
    }
    return Blob.of(json.dumps(document).encode(), CONFIG)


def _created(version: str) -> str:
    """A later day for a higher version number."""
    day = int(version) % 28 if version.isdigit() else 0
    return f"2026-01-{day + 1:02d}T00:00:00Z"


@cache
def _base() -> Blob:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in ("bin", "etc", "tmp", "data", "www"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        binary = static_busybox().read_bytes()
        _add(tar, "bin/busybox", binary, 0o755)
        _add(tar, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\n", 0o644)
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    return Blob.layer(buffer.getvalue(), level=6)


def _layer(files: Mapping[str, str], ballast_bytes: int) -> Blob:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            _add(tar, name, text.encode(), 0o644)
        if ballast_bytes:
            _add(tar, "ballast", _noise(repr(sorted(files.items())), ballast_bytes), 0o644)
    return Blob.layer(buffer.getvalue(), level=0)


def _noise(seed: str, length: int) -> bytes:
    """Bytes that no compression makes smaller, the same for the same seed."""
    return hashlib.shake_128(seed.encode()).digest(length)


def _add(tar: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, io.BytesIO(data))


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
