"""A clock that a program of the lab can be started on, and that can be set while it runs.

Not for programs that sleep by `clock_nanosleep`, as Python does: the library spoils that.
"""

from pathlib import Path

from tests.lab.missing import clock_library

HOUR_S = 3600


class Clock:
    """The time of day of a program that has its `environment`; durations stay true."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.set(0)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(clock_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        """So far ahead of the true time from here on; behind it if negative."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.chmod(0o644)  # PostgreSQL's user reads it.
        fresh.replace(self.path)

    def start(self) -> None:
        """It goes from the start."""

    def stop(self) -> None:
        """Take away what the library left of programs that have ended."""
        for left in Path("/dev/shm").glob("*faketime_s*_*"):  # noqa: S108 - it puts them there
            if not Path("/proc", left.name.rpartition("_")[2]).exists():
                left.unlink(missing_ok=True)
