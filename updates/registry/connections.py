"""requests' adapter with our TLS context as its only trust, and our eye on every socket."""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from updates.registry.addresses import PeerGuard

POOL_SIZE = 16


class ContextAdapter(HTTPAdapter):
    """An adapter that verifies with one TLS context. `verify=` and `cert=` mean nothing to it."""

    def __init__(self, context: ssl.SSLContext, guard: PeerGuard, *, header_s: float) -> None:
        self._context = context
        self._pool_classes = _pool_classes(guard, header_s)
        super().__init__(pool_connections=8, pool_maxsize=POOL_SIZE, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pool_classes

    def build_connection_pool_key_attributes(
        self,
        request: PreparedRequest,
        verify: bool | str,  # noqa: ARG002
        cert: Any = None,  # noqa: ARG002
    ) -> tuple[Any, Any]:
        host, _ = super().build_connection_pool_key_attributes(request, True, None)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Do nothing: requests would add certifi's public roots to the context here."""


class _Plain(HTTPConnection):
    guard: ClassVar[PeerGuard]
    header_s: ClassVar[float]

    def _new_conn(self) -> socket.socket:
        return _admitted(self.guard, self.host, super()._new_conn())

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _time_limit(self, self.header_s):
            return super().getresponse()


class _Secure(HTTPSConnection):
    guard: ClassVar[PeerGuard]
    header_s: ClassVar[float]

    def _new_conn(self) -> socket.socket:
        return _admitted(self.guard, self.host, super()._new_conn())

    def connect(self) -> None:
        with _time_limit(self, self.header_s):
            super().connect()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with _time_limit(self, self.header_s):
            return super().getresponse()


class _SecurePool(HTTPSConnectionPool):
    def _validate_conn(self, conn: Any) -> None:
        """Connect without urllib3's warning: pages show the insecure mode themselves."""
        if conn.is_closed:
            conn.connect()


def _pool_classes(peers: PeerGuard, limit_s: float) -> Mapping[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with connections that check their peer and their time."""

    class Plain(_Plain):
        guard, header_s = peers, limit_s

    class Secure(_Secure):
        guard, header_s = peers, limit_s

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(_SecurePool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _admitted(guard: PeerGuard, host: str, sock: socket.socket) -> socket.socket:
    try:
        guard.admit(host, sock.getpeername()[0])
    except BaseException:
        sock.close()
        raise
    return sock


@contextmanager
def _time_limit(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the connection off when the block takes too long.

    A socket's own time-out starts again with each byte, so a peer that sends one byte
    now and then would hold a thread for ever.
    """
    expired = threading.Event()

    def cut_off() -> None:
        expired.set()
        if connection.sock is not None:
            _shut_down(connection.sock)

    timer = threading.Timer(seconds, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    except OSError as error:
        if expired.is_set():
            raise TimeoutError("timed out") from error
        raise
    finally:
        timer.cancel()
    if expired.is_set():
        # Headers cut off in the middle pass for whole ones.
        raise TimeoutError("timed out")


def _shut_down(sock: socket.socket) -> None:
    try:
        # Not SSLSocket.shutdown, which drops the TLS state under the reader's feet.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
