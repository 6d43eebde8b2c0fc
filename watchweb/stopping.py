"""Whether this process, and those forked from it, have been told to stop.

A byte that they share: a signal's handler writes it, work at hand looks at it between two steps.
It takes no lock, which a handler could find taken by the very code that it interrupts.
"""

import mmap

_word = mmap.mmap(-1, 1)


def tell() -> None:
    _word[0] = 1


def is_told() -> bool:
    return _word[0] == 1


def forget() -> None:
    _word[0] = 0
