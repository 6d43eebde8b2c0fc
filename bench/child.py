"""A process of a bench: asked in JSON lines over its stdin, ended by closing it.

What is measured and what stands around it are processes of their own, so that none waits for
another's interpreter lock. A child whose parent is gone reads the end of its stdin, and ends.
"""

import asyncio
import json
import os
import select
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Any

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
_LONGEST_LINE = 1 << 26
_END_S = 3.0


class BenchError(Exception):
    """The bench cannot go on; the message says why."""


class Child:
    """`python -m MODULE`, from the checkout. What it says on stderr goes to the terminal."""

    module = ""

    def __init__(self, module: str = "", env: Mapping[str, str] | None = None) -> None:
        self.module = module or self.module
        self._env = dict(os.environ if env is None else env)
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, out of reach of the terminal's Ctrl-C: its parent ends it."""
        self._popen = subprocess.Popen(
            [sys.executable, "-m", self.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=self._env,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it, by force if it is busy. Harmless when it was never started."""
        if self._popen is None:
            return
        with self._popen as popen:  # Which closes its pipes.
            try:
                self._stdin.close()
                popen.wait(_END_S)
            except (BrokenPipeError, subprocess.TimeoutExpired):
                popen.kill()
        self._popen = None

    def ask(self, timeout_s: float = 120.0, **command: Any) -> Json:
        """Its answer to one command. Raises BenchError."""
        self.send(**command)
        return self.receive(timeout_s)

    def send(self, **command: Any) -> None:
        """Raises BenchError if it has ended."""
        try:
            self._stdin.write(json.dumps(command).encode() + b"\n")
            self._stdin.flush()
        except BrokenPipeError as error:
            raise BenchError(f"{self.module} has ended.") from error

    def receive(self, timeout_s: float = 120.0) -> Json:
        """The answer to a command sent before. Raises BenchError."""
        if not select.select([self._stdout], [], [], timeout_s)[0]:
            raise BenchError(f"{self.module} did not answer within {timeout_s:.0f} s.")
        if not (line := self._stdout.readline()):
            raise BenchError(f"{self.module} has ended; it says why above.")
        return dict(json.loads(line))

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._popen is not None
        assert self._popen.stdin is not None
        return self._popen.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._popen is not None
        assert self._popen.stdout is not None
        return self._popen.stdout


def serve(answer: Callable[[Json], Json]) -> None:
    """The child's side: answer every line, until there are no more."""
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


async def serve_beside(answer: Callable[[Json], Awaitable[Json]]) -> None:
    """The same in an event loop that has other things to do."""
    lines = asyncio.StreamReader(limit=_LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        print(json.dumps(await answer(json.loads(line))), flush=True)
