"""Which parts of the lab this machine has not, and why."""

import os
import re
import shutil
import struct
import subprocess
from pathlib import Path

POSTGRES_BIN = Path("/usr/lib/postgresql")
NEWER_MAJOR = 25  # The first engine whose API (1.44) takes several networks in one create.
_PT_INTERP = 3


class LabError(Exception):
    """The lab cannot do what is asked; the message says what is missing or what its log said."""


def program(name: str) -> str:
    """The path of a program. Raises LabError if it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise LabError(f"{name} is not installed.")
    return found


def static_busybox() -> Path:
    """The busybox that images are made of: it must run without any library."""
    path = Path(program("busybox"))
    if _asks_for_a_loader(path.read_bytes()):
        raise LabError("busybox is not the static one (Debian's busybox-static).")
    return path


def postgres_program(name: str) -> str:
    """The path of one of PostgreSQL's server programs, newest version first."""
    found = sorted(POSTGRES_BIN.glob(f"*/bin/{name}"), key=_version)
    if not found:
        raise LabError("PostgreSQL's server is not installed.")
    return str(found[-1])


def clock_library() -> Path:
    """The library that gives a program another time of day. Raises LabError."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise LabError("libfaketime is not installed (Debian's faketime).")
    return found[0]


def newer_engine() -> Path:
    """Below which folder a newer Docker Engine has its usr/: "/" if the installed one will do.

    Raises LabError if there is none.
    """
    if _installed_major() >= NEWER_MAJOR:
        return Path("/")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    unpacked = cache / "watchweb-lab" / "engine"
    if not unpacked.is_dir():
        raise LabError("There is no newer Docker Engine: run scripts/lab-newer-engine.")
    return unpacked


def missing(part: str) -> str:
    """Why `part` (a key of _LOOK) cannot be had here; "" if it can."""
    try:
        _LOOK[part]()
    except LabError as error:
        return str(error)
    return ""


def _version(path: Path) -> float:
    text = path.parts[-3]
    return float(text) if text.replace(".", "", 1).isdigit() else 0.0


def _asks_for_a_loader(elf: bytes) -> bool:
    """True if a 64-bit ELF file has a PT_INTERP segment."""
    if elf[:5] != b"\x7fELF\x02":
        return True
    order = "<" if elf[5] == 1 else ">"
    (offset,) = struct.unpack_from(f"{order}Q", elf, 0x20)
    size, count = struct.unpack_from(f"{order}HH", elf, 0x36)
    kinds = (struct.unpack_from(f"{order}I", elf, offset + n * size)[0] for n in range(count))
    return _PT_INTERP in kinds


def _dockerd() -> None:
    if os.geteuid() != 0:
        raise LabError("A private Docker Engine needs root.")
    for name in ("dockerd", "containerd", "runc", "setpriv"):
        program(name)


def _newer_dockerd() -> None:
    _dockerd()
    newer_engine()
    for name in ("unshare", "pivot_root"):
        program(name)


def _installed_major() -> int:
    """0 if no engine is installed."""
    try:
        argv = [program("dockerd"), "--version"]
    except LabError:
        return 0
    said = subprocess.run(argv, capture_output=True, text=True, check=False).stdout
    found = re.match(r"Docker version (\d+)", said)
    return int(found[1]) if found else 0


def _registry() -> None:
    program("docker-registry")
    static_busybox()


def _skopeo() -> None:
    program("skopeo")


def _postgres() -> None:
    postgres_program("postgres")
    if os.geteuid() == 0:
        program("setpriv")


def _chromium() -> None:
    program("chromium")


_LOOK = {
    "dockerd": _dockerd,
    "newer dockerd": _newer_dockerd,
    "registry": _registry,
    "skopeo": _skopeo,
    "postgres": _postgres,
    "clock": clock_library,
    "chromium": _chromium,
}
