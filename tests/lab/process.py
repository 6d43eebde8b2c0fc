"""A program of the lab: started, waited for, and ended by its own pid."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.lab.missing import LabError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Process:
    """One program with its log. It dies with the one that started it."""

    def __init__(
        self, argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.argv = list(argv)
        self.log = log
        self.env = os.environ | dict(env or {})
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self, is_ready: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Start it and wait until it is ready. Raises LabError with the log's last lines."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        end = time.monotonic() + timeout_s
        while not is_ready():
            if self.popen.poll() is not None or time.monotonic() > end:
                self.stop()
                raise LabError(f"{Path(self.argv[0]).name} did not start: {self.tail()}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        return self.popen.pid if self.popen else 0

    def stop(self, timeout_s: float = 20.0) -> None:
        """End it: SIGTERM, and SIGKILL when it takes too long."""
        if self.popen is None:
            return
        with suppress(ProcessLookupError):
            self.popen.send_signal(signal.SIGTERM)
        try:
            self.popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self.popen = None

    def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait()
            self.popen = None

    def tail(self, lines: int = 8) -> str:
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
