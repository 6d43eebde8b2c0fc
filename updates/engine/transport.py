"""How bytes reach an engine: what the adapters of requests and docker-py lack."""

import socket
import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from updates.engine.endpoint import Endpoint, TLSMaterial


def adapter(endpoint: Endpoint) -> HTTPAdapter:
    """What carries the calls to an engine, but for one that is reached by SSH."""
    url = endpoint.base_url
    if url.startswith("unix://"):
        return UnixAdapter(url.removeprefix("unix://"))
    if url.startswith("https://"):
        return TLSAdapter((endpoint.tls or TLSMaterial()).context())
    return HTTPAdapter()


class TLSAdapter(HTTPAdapter):
    """Trusts what its context trusts, verified always. Left alone, requests adds public roots."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._context}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave the pool's trust as the context has it."""


class UnixAdapter(HTTPAdapter):
    """HTTP over one socket file, with one pool.

    docker-py's own keys its pools by the full URL, which opens a socket for every call, and leaves
    a socket open that could not connect.
    """

    def __init__(self, path: str) -> None:
        self._pool = _UnixPool(path)
        super().__init__()

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> Any:
        return self._pool

    def request_url(self, request: Any, proxies: Any) -> str:  # noqa: ARG002
        return str(request.path_url)

    def close(self) -> None:
        self._pool.close()
        super().close()


class _UnixPool(HTTPConnectionPool):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", maxsize=4)
        self._path = path

    def _new_conn(self) -> Any:
        self.num_connections += 1
        return _UnixConnection(self._path)


class _UnixConnection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(self.timeout)
            sock.connect(self._path)
        except BaseException:
            sock.close()
            raise
        self.sock = sock


class BoundedLogin:
    """For docker-py's SSH adapter, which logs in without a time-out and opens too many channels."""

    ssh_client: Any
    ssh_params: dict[str, Any]

    def __init__(self, url: str, timeout_s: float) -> None:
        self._login_timeout_s = timeout_s
        inherited: Any = super()
        inherited.__init__(url, timeout_s)

    def _connect(self) -> None:
        limit = self._login_timeout_s
        self.ssh_client.connect(
            **self.ssh_params, timeout=limit, banner_timeout=limit, auth_timeout=limit
        )

    def get_connection(self, url: str, proxies: Any = None) -> Any:  # noqa: ARG002
        inherited: Any = super()
        return inherited.get_connection("http+docker://engine/", proxies)
