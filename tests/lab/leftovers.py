"""What an engine that did not end well leaves behind: processes and mounts below its folder."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.lab.missing import program


def processes(root: Path) -> list[int]:
    """The engine's own processes (dockerd, containerd, shims) and what the shims hold."""
    engine = [pid for pid in _pids() if _is_part_of(pid, root)]
    held = [pid for pid in _pids() if _parent(pid) in engine and pid not in engine]
    return [*held, *engine]


def end_processes(root: Path) -> None:
    """SIGKILL them, the containers before their shims."""
    for _ in range(50):
        pids = processes(root)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not pids:
            return
        time.sleep(0.1)


def mounts(root: Path) -> list[str]:
    """Mount points below `root`, the innermost first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [line.split()[4] for line in lines]
    return sorted((point for point in points if point.startswith(f"{root}/")), reverse=True)


def unmount(root: Path) -> None:
    """Unmount them all."""
    for point in mounts(root):
        subprocess.run([program("umount"), "--lazy", point], check=False, capture_output=True)


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _is_part_of(pid: int, root: Path) -> bool:
    """True if it is a program of an engine whose files are below `root`."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    is_engine = "containerd" in Path(words[0]).name or Path(words[0]).name == "dockerd"
    return is_engine and any(f"{root}/" in word for word in words[1:])


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])
