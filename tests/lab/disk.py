"""A disk of the lab that can be filled up: a tmpfs of a fixed size."""

import contextlib
import subprocess
from pathlib import Path

from tests.lab.missing import LabError, program

_BLOCK = bytes(1 << 16)


class Disk:
    """Mounted at `path`; for root only."""

    def __init__(self, path: Path, size: str) -> None:
        self.path = path
        self.size = size
        self._filler = path / "filler"

    def start(self) -> None:
        """Raises LabError."""
        self.path.mkdir(parents=True, exist_ok=True)
        argv = [program("mount"), "-t", "tmpfs", "-o", f"size={self.size},mode=755", "tmpfs"]
        made = subprocess.run([*argv, str(self.path)], capture_output=True, check=False)
        if made.returncode:
            raise LabError(f"No disk could be mounted: {made.stderr.decode().strip()}")

    def fill(self) -> None:
        """To the last byte."""
        with self._filler.open("ab", buffering=0) as filler:
            for block in (_BLOCK, bytes(1)):
                with contextlib.suppress(OSError):
                    while filler.write(block) == len(block):
                        pass

    def free(self) -> None:
        """As it was before it was filled."""
        self._filler.unlink(missing_ok=True)

    def stop(self) -> None:
        self.free()
        subprocess.run(
            [program("umount"), "--lazy", str(self.path)], check=False, capture_output=True
        )
