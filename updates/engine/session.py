"""docker-py's client, made to know nothing of the machine that this runs on.

No proxy settings, no REQUESTS_CA_BUNDLE, no ~/.docker/config.json. Of docker-py only APIClient is
used, here and by the client. Source: docker-py 7.2.
"""

from typing import Any

import docker
import requests
from docker.auth import AuthConfig
from docker.transport import SSHHTTPAdapter
from docker.utils.proxy import ProxyConfig

from updates.engine.endpoint import Endpoint
from updates.engine.transport import BoundedLogin, adapter
from updates.engine.version import LOWEST


class _SSHAdapter(BoundedLogin, SSHHTTPAdapter):  # type: ignore[misc]
    """One login; each connection is a channel of it that runs `docker system dial-stdio`."""


class Session(docker.APIClient):  # type: ignore[misc]
    """docker-py without its constructor, which reads ~/.docker/config.json: logins and headers."""

    def __init__(self, endpoint: Endpoint, timeout_s: float) -> None:
        requests.Session.__init__(self)
        self.trust_env = False
        self.max_redirects = 0  # A registry's password must not follow one.
        self.timeout = timeout_s
        self._version = LOWEST
        self._general_configs: dict[str, Any] = {}
        self._proxy_configs = ProxyConfig()
        self._auth_configs = AuthConfig({})
        self.credstore_env = None
        self.adapters.clear()
        url = endpoint.base_url
        is_ssh, is_http = url.startswith("ssh://"), url.startswith("http")
        self._custom_adapter = _SSHAdapter(url, timeout_s) if is_ssh else adapter(endpoint)
        self.base_url = url if is_http else "http+docker://engine"
        self.mount(self.base_url, self._custom_adapter)
