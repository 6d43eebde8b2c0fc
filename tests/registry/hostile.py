"""A TCP server that answers each connection with bytes of the test's choosing."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

type Reply = Callable[[socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextlib.contextmanager
def serving(reply: Reply, *, reads_request: bool = True) -> Iterator[str]:
    """The address of a server that calls `reply` on each connection, once it was asked."""
    ending = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def serve_one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if reads_request:
                connection.recv(65536)
            reply(connection)

    def serve() -> None:
        while not ending.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=serve_one, args=(connection,)))
                threads[-1].start()

    accepting = threading.Thread(target=serve)
    accepting.start()
    try:
        host, port = listener.getsockname()
        yield f"{host}:{port}"
    finally:
        ending.set()
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join()


def sending(*pieces: bytes) -> Reply:
    """Send these bytes and hang up."""

    def reply(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return reply


def endless(start: bytes, piece: bytes, *, pause_s: float = 0.0) -> Reply:
    """Send the start, then the piece again and again until the client hangs up."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        waiting = threading.Event()
        while True:
            connection.sendall(piece)
            waiting.wait(pause_s)

    return reply
