"""Which parts of the lab this machine has not, and why."""

import os
import shutil
from pathlib import Path

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
POSTGRES_BIN = Path("/usr/lib/postgresql")


class LabError(Exception):
    """The lab cannot do what is asked; the message says what is missing or what its log said."""


def program(name: str) -> str:
    """The path of a program. Raises LabError if it is not installed."""
    found = shutil.which(name, path=PATH)
    if found is None:
        raise LabError(f"{name} is not installed.")
    return found


def postgres_program(name: str) -> str:
    """The path of one of PostgreSQL's server programs, newest version first."""
    found = sorted(POSTGRES_BIN.glob(f"*/bin/{name}"), key=lambda path: path.parts[-3])
    if not found:
        raise LabError("PostgreSQL's server is not installed.")
    return str(found[-1])


def missing(part: str) -> str:
    """Why this part of the lab cannot be had here; "" if it can."""
    try:
        _LOOK[part]()
    except LabError as error:
        return str(error)
    return ""


def _dockerd() -> None:
    if os.geteuid() != 0:
        raise LabError("A private Docker Engine needs root.")
    program("dockerd")


def _registry() -> None:
    program("docker-registry")
    program("busybox")


def _postgres() -> None:
    postgres_program("postgres")
    if os.geteuid() == 0:
        program("runuser")


def _chromium() -> None:
    program("chromium")


_LOOK = {
    "dockerd": _dockerd,
    "registry": _registry,
    "postgres": _postgres,
    "chromium": _chromium,
}
