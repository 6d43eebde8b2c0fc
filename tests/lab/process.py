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
    """One program with its log.

    It ends with the thread that started it, so start it from the main one. `stop_signal` is what
    asks it to end, also when the one that started it is killed.
    """

    def __init__(
        self,
        argv: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.argv = list(argv)
        self.log = log
        self.env = os.environ | dict(env or {})
        self.stop_signal = stop_signal
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
                preexec_fn=self._die_with_parent,
            )
        end = time.monotonic() + timeout_s
        # A stranger on the same port would answer too: ready counts only while this one lives.
        while not is_ready() or self.popen.poll() is not None:
            if self.popen.poll() is not None or time.monotonic() > end:
                self.stop()
                raise LabError(f"{self.log.stem} did not start: {self.tail()}")
            time.sleep(0.05)

    @property
    def pid(self) -> int:
        """0 when it does not run."""
        return self.popen.pid if self.popen else 0

    @property
    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def stop(self, timeout_s: float = 20.0) -> None:
        """End it: ask, and SIGKILL when it takes too long. Harmless when it does not run."""
        if self.popen is None:
            return
        with suppress(ProcessLookupError):
            self.popen.send_signal(self.stop_signal)
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
        """The last lines it wrote."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _die_with_parent(self) -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, self.stop_signal)
