"""Answers that come in pieces: a pull's JSON lines, a command's output. Both end by a deadline.

A read time-out starts anew with each piece, so it cannot end an answer that drips: a timer shuts
the socket down, and the reader wakes up.
"""

import json
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
import urllib3

from updates.engine.errors import EngineError

_FRAME_HEADER = struct.Struct(">BxxxL")


@contextmanager
def opened(
    call: Callable[[], requests.Response], seconds: float, failure: EngineError
) -> Iterator[requests.Response]:
    """The answer to `call`, to be read in here: after `seconds` in all, `failure` is raised."""
    end = time.monotonic() + seconds
    try:
        answer = call()
    except requests.Timeout as error:
        raise failure from error
    with answer, _cut_off(answer, end - time.monotonic(), failure):
        yield answer


@contextmanager
def _cut_off(answer: requests.Response, seconds: float, failure: EngineError) -> Iterator[None]:
    passed = threading.Event()

    def shut_down() -> None:
        passed.set()
        with suppress(OSError, ValueError, RuntimeError):  # It may just have ended by itself.
            answer.raw.shutdown()

    timer = threading.Timer(max(seconds, 0.0), shut_down)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        if passed.is_set():
            raise failure from error
        raise
    finally:
        timer.cancel()
    if passed.is_set():
        raise failure


def json_lines(answer: requests.Response) -> Iterator[dict[str, Any]]:
    """The documents of an answer that has one a line. Raises ValueError for anything else."""
    for line in answer.iter_lines(chunk_size=None):
        if not line.strip():
            continue
        document = json.loads(line)
        if not isinstance(document, dict):
            raise ValueError("a line of the stream is no JSON object")
        yield document


def output(answer: requests.Response, max_bytes: int) -> str:
    """The text of a command's two streams, in the order it came; what exceeds is left out.

    Each frame is 8 bytes of header (stream, three zeros, length) and its payload.
    """
    raw, kept = bytearray(), bytearray()
    for chunk in answer.iter_content(chunk_size=None):
        raw += chunk
        while len(raw) >= _FRAME_HEADER.size:
            _, length = _FRAME_HEADER.unpack_from(raw)
            end = _FRAME_HEADER.size + length
            if len(raw) < end:
                break
            kept += raw[_FRAME_HEADER.size : end][: max_bytes - len(kept)]
            del raw[:end]
    return kept.decode(errors="replace")
