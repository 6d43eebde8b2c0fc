"""Processes that begin to work at the same moment."""

import subprocess
import sys
from pathlib import Path

from tests.commands.installation import CHECKOUT, Installation


def all_at_once(
    installation: Installation, module: str, start: Path, *arguments: str, processes: int
) -> list[str]:
    """What each of them says when it has done its work; `start` names the file they wait for."""
    env = installation.env | {"DJANGO_SETTINGS_MODULE": "watchweb.settings"}
    command = [sys.executable, "-m", module, str(start), *arguments]
    crowd = [
        subprocess.Popen(command, env=env, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        for process in crowd:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        start.with_suffix(".go").touch()
        return [process.communicate(timeout=60)[0] for process in crowd]
    finally:
        for process in crowd:
            process.kill()
            process.wait()
