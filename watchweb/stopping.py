"""Whether this process, and those forked from it, have been told to stop.

A byte that they share: a signal's handler writes it, work at hand looks at it between two steps.
It takes no lock, which a handler could find taken by the very code that it interrupts.
"""

import mmap
import signal
import threading
from types import FrameType

_word = mmap.mmap(-1, 1)


def tell() -> None:
    _word[0] = 1


def is_told() -> bool:
    return _word[0] == 1


def forget() -> None:
    _word[0] = 0


def heed_sigterm() -> None:
    """Tell it at a SIGTERM too, before the handler that a server has set; without one do nothing.

    For a web server's worker, whose requests may take long. Only a main thread may set handlers:
    the development server loads its application in another one.
    """
    own = signal.getsignal(signal.SIGTERM)
    if not callable(own) or threading.current_thread() is not threading.main_thread():
        return

    def both(number: int, frame: FrameType | None) -> None:
        tell()
        own(number, frame)

    signal.signal(signal.SIGTERM, both)
