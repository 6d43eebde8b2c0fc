"""How figures are shown: the machine, medians, targets met or not."""

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median


def machine() -> str:
    """As "2 cores, Some CPU, Python 3.12.1"."""
    cores = len(os.sched_getaffinity(0))
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    model = next(iter(models), platform.machine())
    return f"{cores} cores, {model}, Python {platform.python_version()}"


def spread(seconds: Sequence[float]) -> str:
    """Median and best."""
    return f"{median(seconds):.2f} / {min(seconds):.2f} s"


def judged(value: float, limit: float) -> str:
    return "PASS" if value <= limit else "over"


def mib(kib: int) -> str:
    return f"{kib / 1024:.0f} MiB"


def growth(before_kib: int, after_kib: int) -> str:
    return f"{(after_kib - before_kib) / 1024:+.1f} MiB"


def row(cells: Iterable[str], widths: Iterable[int]) -> str:
    """A line of a table."""
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
