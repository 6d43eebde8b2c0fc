"""SIGTERM and Ctrl-C while a run goes on in the foreground."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from watchweb import stopping

_NOTICE = b"Stopping: a container at hand is finished first. Once more ends it at once.\n"
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


@contextmanager
def heeded() -> Iterator[None]:
    """The first tells the work at hand to stop; the second, or the end of
    WATCHWEB_SHUTDOWN_SECONDS, ends this process. Its journal is for recovery then."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals are the main thread's.
        return
    earlier = {number: signal.signal(number, _heed) for number in _SIGNALS}
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in earlier.items():
            signal.signal(number, handler)
        stopping.forget()


def _heed(number: int, _: object) -> None:
    if stopping.is_told():
        number = signal.SIGTERM if number == signal.SIGALRM else number
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        return
    stopping.tell()
    # Not by the stream: this may have interrupted a write to it.
    os.write(2, _NOTICE)
    signal.alarm(max(1, settings.WATCHWEB_SHUTDOWN_SECONDS))
