"""How bytes reach an engine: what the adapters of requests and docker-py lack."""

import ssl
from typing import Any

from requests.adapters import HTTPAdapter


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


class OnePool:
    """For docker-py's adapters, which key their pools by the full URL: a socket for every call."""

    def get_connection(self, url: str, proxies: Any = None) -> Any:  # noqa: ARG002
        inherited: Any = super()
        return inherited.get_connection("http+docker://engine/", proxies)


class BoundedLogin:
    """For docker-py's SSH adapter, which logs in without a time-out."""

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
