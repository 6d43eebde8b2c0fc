#!/usr/bin/env python3
"""Watchweb's commands, run with the packages that `make setup` puts into .venv."""

import os
import sys
from pathlib import Path

VENV = Path(__file__).resolve().parent / ".venv"


def enter_venv() -> None:
    """Start this same command again with .venv's Python, unless this is it or there is none."""
    python = VENV / "bin" / "python"
    # Without pyvenv.cfg that Python would not know it is in .venv, and start itself for ever.
    is_whole = python.exists() and (VENV / "pyvenv.cfg").exists()
    if is_whole and not VENV.samefile(sys.prefix):
        os.execv(python, [str(python), *sys.argv])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    enter_venv()
    from watchweb.__main__ import main

    main()
