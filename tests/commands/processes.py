"""What runs on this machine: for an installation, known by its data folder, or in a group."""

from pathlib import Path


def processes_of(data: Path) -> list[int]:
    """The pids of all that were started for this data folder."""
    mark = f"WATCHWEB_DATA={data}".encode()
    return [pid for pid in _pids() if mark in _environment(pid) and not _is_zombie(pid)]


def environment_of(pid: int) -> dict[str, str]:
    """The variables that a process was started with; none of one that has gone."""
    pairs = (entry.decode(errors="replace").partition("=") for entry in _environment(pid))
    return {name: value for name, _, value in pairs if name}


def group_members(group: int) -> list[int]:
    """The pids of a process group that are alive."""
    return [pid for pid in _pids() if _stat(pid)[1] == group and not _is_zombie(pid)]


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _is_zombie(pid: int) -> bool:
    return _stat(pid)[0] == "Z"


def _stat(pid: int) -> tuple[str, int]:
    """(state, process group); one that has gone is a zombie of group 0."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "Z", 0
    return fields[0], int(fields[2])
