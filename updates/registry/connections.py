"""requests' adapter with our TLS context as its only trust, and our eye on every socket."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Any, BinaryIO, ClassVar

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from updates.registry.addresses import PeerGuard
from updates.registry.tls.shown import ShownCertificate
from updates.registry.watchdog import Watchdog

# Connections to one host. Who finds all of them busy waits.
POOL_SIZE = 32
_HOSTS = 8


class ContextAdapter(HTTPAdapter):
    """An adapter that verifies with one TLS context. `verify=` and `cert=` mean nothing to it."""

    def __init__(
        self, context: ssl.SSLContext, guard: PeerGuard, shown: ShownCertificate, *, header_s: float
    ) -> None:
        self._context = context
        self._watchdog = Watchdog()
        self._pool_classes = _pool_classes(guard, shown, self._watchdog, header_s)
        super().__init__(pool_connections=_HOSTS, pool_maxsize=POOL_SIZE, pool_block=True)

    def close(self) -> None:
        # urllib3 leaves it to the garbage collector, and an error's traceback keeps a pool alive.
        for key in self.poolmanager.pools.keys():  # noqa: SIM118
            self.poolmanager.pools[key].close()
        super().close()
        self._watchdog.stop()

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


class _Lines:
    """What http.client reads headers from, with the last line kept."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.last = b""

    def readline(self, limit: int = -1) -> bytes:
        self.last = self._file.readline(limit)
        return self.last

    def close(self) -> None:
        self._file.close()


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        """Read the headers to their end: http.client takes those that break off for whole."""
        file = self.fp
        lines: Any = _Lines(file)
        self.fp = lines
        try:
            super().begin()
        finally:
            if self.fp is lines:  # Else it was closed.
                self.fp = file
        if lines.last not in (b"\r\n", b"\n"):
            raise http.client.RemoteDisconnected("The headers broke off.")


class _Plain(HTTPConnection):
    response_class = _Response
    guard: ClassVar[PeerGuard]
    watchdog: ClassVar[Watchdog]
    header_s: ClassVar[float]

    def _new_conn(self) -> socket.socket:
        return _admitted(self.guard, self.host, super()._new_conn())

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with self.watchdog.limit(self, self.header_s):
            return super().getresponse()


class _Secure(HTTPSConnection):
    response_class = _Response
    guard: ClassVar[PeerGuard]
    shown: ClassVar[ShownCertificate]
    watchdog: ClassVar[Watchdog]
    header_s: ClassVar[float]

    def _new_conn(self) -> socket.socket:
        return _admitted(self.guard, self.host, super()._new_conn())

    def connect(self) -> None:
        with self.watchdog.limit(self, self.header_s):
            super().connect()
        self.shown.look_at(self.host, self.port, self.sock)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        with self.watchdog.limit(self, self.header_s):
            return super().getresponse()


class _SecurePool(HTTPSConnectionPool):
    def _validate_conn(self, conn: Any) -> None:
        """Connect without urllib3's warning: pages show the insecure mode themselves."""
        if conn.is_closed:
            conn.connect()


def _pool_classes(
    peers: PeerGuard, certificate: ShownCertificate, dog: Watchdog, limit_s: float
) -> Mapping[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with connections that check their peer and their time."""

    class Plain(_Plain):
        guard, watchdog, header_s = peers, dog, limit_s

    class Secure(_Secure):
        guard, watchdog, header_s = peers, dog, limit_s
        shown = certificate

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
