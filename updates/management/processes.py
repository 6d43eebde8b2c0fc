"""Child processes that never outlive their parent, and never share its signals."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Child:
    """One kept process, in a session of its own; started again, with back-off, when it ends."""

    def __init__(self, name: str, command: Sequence[str], env: dict[str, str]) -> None:
        self.name = name
        self.command = list(command)
        self.env = env
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.failures = 0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started_at = time.monotonic()

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def keep(self) -> bool:
        """Start it again if it ended, later each time it ends early; True if it was started."""
        if not self.has_ended:
            return False
        age_s = time.monotonic() - self.started_at
        if age_s < min(2.0**self.failures, 60.0):
            return False
        self.failures = self.failures + 1 if age_s < 60.0 else 0
        self.kill()
        self.start()
        return True

    def terminate(self) -> None:
        if self.process is not None and not self.has_ended:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End its whole session: what a killed parent left behind goes on working otherwise."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
