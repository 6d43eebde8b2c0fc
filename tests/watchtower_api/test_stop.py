"""A web server that is told to stop does not wait for those who listen or wait."""

import contextlib
import http.client
import signal
import time
from pathlib import Path

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.ports import free_port

pytestmark = [pytest.mark.slow]
HEADERS = {"Authorization": "Bearer api-token"}


def test_a_stream_of_events_and_a_waiting_update_do_not_hold_it_up(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    bind = f"127.0.0.1:{free_port()}"
    installation.begin()
    # No cluster here serves this queue: its run stays queued.
    installation.manage("addhost", "far", "unix:///nonexistent.sock", "--queue", "elsewhere")
    up = installation.running("up", "--bind", bind, WATCHTOWER_HTTP_API_TOKEN="api-token")
    with contextlib.ExitStack() as stack:
        process = stack.enter_context(up)
        wait_until(lambda: answers(bind), 60, "the web server did not start")
        lines = [http.client.HTTPConnection(bind, timeout=60) for _ in range(2)]
        for line in lines:
            stack.enter_context(contextlib.closing(line))
        lines[0].request("GET", "/v1/events", headers=HEADERS)
        stream = lines[0].getresponse()
        assert stream.readline() == b"retry: 5000\n"
        lines[1].request("POST", "/v1/update", headers=HEADERS)
        assert b"scan" not in stream.readline()
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert stream.read() == b"", "it ends"
        told = lines[1].getresponse()
        assert (told.status, b"is being stopped" in told.read()) == (503, True)
        process.wait(25)
        assert time.monotonic() - began < 15
