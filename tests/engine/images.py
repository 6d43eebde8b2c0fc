"""Images made of Debian's static busybox and any config, loaded into an engine without a build."""

import hashlib
import io
import json
import tarfile
from typing import Any

import docker

from tests.lab.missing import program

APPLETS = ("sh", "sleep", "cat", "echo", "touch", "id", "env", "test", "hostname", "kill")
WAIT_FOR_TERM = ["/bin/sh", "-c", "trap exit TERM INT USR1; while :; do sleep 0.05; done"]


def load_image(api: docker.APIClient, name: str, config: dict[str, Any]) -> str:
    """Load an image with this config under this name; its id."""
    layer = _layer(name)
    document = {
        "architecture": api.version()["Arch"],
        "os": "linux",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created": "2024-01-01T00:00:00Z", "created_by": "test"}],
    }
    raw = json.dumps(document).encode()
    digest = hashlib.sha256(raw).hexdigest()
    manifest = [{"Config": f"{digest}.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    files = {
        f"{digest}.json": raw,
        "layer.tar": layer,
        "manifest.json": json.dumps(manifest).encode(),
    }
    for _ in api.load_image(_tar(files)):
        pass
    return str(api.inspect_image(name)["Id"])


def _layer(version: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(program("busybox"), "bin/busybox", filter=_reproducible)
        for applet in APPLETS:
            link = tarfile.TarInfo(f"bin/{applet}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
        _add(tar, "version", version.encode())
    return buffer.getvalue()


def _tar(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in files.items():
            _add(tar, name, content)
    return buffer.getvalue()


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _reproducible(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mtime, entry.uid, entry.gid = 0, 0, 0
    return entry
