"""A connection that takes too long is cut off, and nothing is left behind."""

import socket
import threading
import time
from collections.abc import Iterator
from http.client import BadStatusLine, HTTPConnection

import pytest

from updates.registry.watchdog import Watchdog


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    watchdog = Watchdog()
    yield watchdog
    watchdog.stop()
    assert watchdogs() == 0


@pytest.fixture
def connection() -> Iterator[HTTPConnection]:
    """A connection to a peer that never sends anything."""
    own, peer = socket.socketpair()
    connection = HTTPConnection("silent")
    connection.sock = own
    with own, peer:
        yield connection


def watchdogs() -> int:
    return sum(thread.name == "watchdog" for thread in threading.enumerate())


def test_a_block_in_time_is_left_alone(watchdog: Watchdog, connection: HTTPConnection) -> None:
    with watchdog.limit(connection, 0.05):
        pass
    time.sleep(0.1)

    connection.sock.send(b"still open")


def test_a_block_that_waits_for_ever_is_cut_off(
    watchdog: Watchdog, connection: HTTPConnection
) -> None:
    started = time.monotonic()

    with pytest.raises(TimeoutError), watchdog.limit(connection, 0.1):
        assert connection.sock.recv(1) == b""

    assert 0.1 <= time.monotonic() - started < 0.9


@pytest.mark.parametrize("error", [OSError("cut"), BadStatusLine("cut")])
def test_what_a_cut_breaks_is_called_a_time_out(
    watchdog: Watchdog, connection: HTTPConnection, error: Exception
) -> None:
    def work() -> None:
        with watchdog.limit(connection, 0.01):
            connection.sock.recv(1)
            raise error

    with pytest.raises(TimeoutError):
        work()


def test_what_broke_in_time_keeps_its_name(watchdog: Watchdog, connection: HTTPConnection) -> None:
    with pytest.raises(BadStatusLine), watchdog.limit(connection, 5):
        raise BadStatusLine("x")


def test_a_connection_that_has_no_socket_yet_is_cut_off_once_it_has(
    watchdog: Watchdog, connection: HTTPConnection
) -> None:
    late, connection.sock = connection.sock, None

    def work() -> None:
        with watchdog.limit(connection, 0.01):
            time.sleep(0.1)
            connection.sock = late
            assert late.recv(1) == b""

    with pytest.raises(TimeoutError):
        work()


def test_the_shorter_limit_ends_first_whichever_came_first(
    watchdog: Watchdog, connection: HTTPConnection
) -> None:
    with watchdog.limit(HTTPConnection("other"), 30):
        time.sleep(0.1)  # The thread sleeps now.
        started = time.monotonic()
        with pytest.raises(TimeoutError), watchdog.limit(connection, 0.1):
            connection.sock.recv(1)

        assert time.monotonic() - started < 0.5


def test_one_thread_watches_over_all(watchdog: Watchdog, connection: HTTPConnection) -> None:
    for _ in range(50):
        with watchdog.limit(connection, 5), watchdog.limit(connection, 5):
            assert watchdogs() == 1


def test_the_thread_ends_by_itself_when_there_is_nothing_to_watch(
    connection: HTTPConnection,
) -> None:
    with Watchdog().limit(connection, 5):
        assert watchdogs() == 1
    ends = time.monotonic() + 5
    while watchdogs() and time.monotonic() < ends:
        time.sleep(0.05)

    assert watchdogs() == 0


def test_a_stopped_watchdog_can_be_used_again(
    watchdog: Watchdog, connection: HTTPConnection
) -> None:
    with watchdog.limit(connection, 5):
        time.sleep(0.05)
    started = time.monotonic()
    watchdog.stop()
    assert watchdogs() == 0
    assert time.monotonic() - started < 0.5

    with pytest.raises(TimeoutError), watchdog.limit(connection, 0.01):
        connection.sock.recv(1)
