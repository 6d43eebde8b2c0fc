"""Multi-platform images as other tools make them: an OCI layout on disk, carried over by skopeo."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any, Literal

from tests.lab.images import ImageSpec, build
from tests.lab.missing import program
from tests.lab.registry import Registry

Json = dict[str, Any]
_OCI = "application/vnd.oci.image"
_REF = "org.opencontainers.image.ref.name"


class Layout:
    """An OCI image layout in a folder, with one index named `name`."""

    def __init__(self, folder: Path, name: str = "it") -> None:
        self.folder = folder
        self.name = name
        (folder / "blobs" / "sha256").mkdir(parents=True)
        (folder / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))

    def write(self, version: str, *platforms: str) -> None:
        """An image for each platform ("os/arch[/variant]"), below one index."""
        entries = [self._image(version, platform) for platform in platforms]
        index = self._index(entries) | {"annotations": {_REF: self.name}}
        top = {"schemaVersion": 2, "manifests": [index]}
        (self.folder / "index.json").write_text(json.dumps(top))

    def copy_to(
        self, registry: Registry, repository: str, *, form: Literal["oci", "v2s2"] = "oci"
    ) -> None:
        """Let skopeo copy all of it, as OCI or as Docker's manifest list, under the tag 1."""
        _skopeo(
            "copy",
            "--all",
            f"--format={form}",
            "--dest-tls-verify=false",
            f"oci:{self.folder}:{self.name}",
            f"docker://{registry.address}/{repository}:1",
        )

    def _image(self, version: str, platform: str) -> Json:
        os, arch, *variant = platform.split("/")
        where = {"os": os, "architecture": arch} | ({"variant": variant[0]} if variant else {})
        image = build(ImageSpec(version=version))
        config = json.loads(image.blobs[0].data) | where
        manifest = {
            "schemaVersion": 2,
            "mediaType": f"{_OCI}.manifest.v1+json",
            "config": self._blob(json.dumps(config).encode(), f"{_OCI}.config.v1+json"),
            "layers": [
                self._blob(layer.data, f"{_OCI}.layer.v1.tar+gzip") for layer in image.blobs[1:]
            ],
        }
        entry = self._blob(json.dumps(manifest).encode(), f"{_OCI}.manifest.v1+json")
        return entry | {"platform": where}

    def _index(self, entries: list[Json]) -> Json:
        media_type = f"{_OCI}.index.v1+json"
        index = {"schemaVersion": 2, "mediaType": media_type, "manifests": entries}
        return self._blob(json.dumps(index).encode(), media_type)

    def _blob(self, data: bytes, media_type: str) -> Json:
        digest = hashlib.sha256(data).hexdigest()
        (self.folder / "blobs" / "sha256" / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}


def digest_by_skopeo(registry: Registry, repository: str) -> str:
    """The digest of what the tag 1 names, as skopeo computes it from the raw manifest."""
    raw = _skopeo(
        "inspect", "--raw", "--tls-verify=false", f"docker://{registry.address}/{repository}:1"
    )
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _skopeo(command: str, *arguments: str) -> bytes:
    argv = [program("skopeo"), "--insecure-policy", command, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, timeout=60).stdout
