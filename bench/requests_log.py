"""Counts a process's calls to an engine, by the log that urllib3 writes of every request."""

import logging
import re
from collections import Counter

_LOGGER = "urllib3.connectionpool"
_UNIX = "localhost"  # What docker-py calls the host behind a socket.
_VERSION = re.compile(r"^/v\d+\.\d+(?=/)")
_NAMED = {
    ("GET", "containers/json"): "container list",
    ("GET", "images/json"): "image list",
    ("GET", "containers/*/json"): "inspect",
    ("GET", "images/*/json"): "inspect image",
    ("POST", "images/create"): "pull",
    ("DELETE", "containers/*"): "remove",
    ("POST", "containers/*/update"): "restart policy",
}


class RequestsLog(logging.Handler):
    """`engine`: calls by name since the last `reset`. Requests to a host on TCP are left out."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.engine: Counter[str] = Counter()

    def listen(self) -> None:
        logger = logging.getLogger(_LOGGER)
        logger.addHandler(self)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False

    def reset(self) -> None:
        self.engine.clear()

    def emit(self, record: logging.LogRecord) -> None:
        """An answered request has the arguments scheme, host, port, method, path, and more."""
        if isinstance(record.args, tuple) and len(record.args) == 8:
            _, host, _, method, path, *_ = record.args
            if host == _UNIX:
                self.engine[call_name(str(method), str(path))] += 1


def call_name(method: str, path: str) -> str:
    """A call of the Engine API by a short name: "inspect" for GET /v1.41/containers/4f…/json."""
    parts = _VERSION.sub("", path.partition("?")[0]).strip("/").split("/")
    kind, last = parts[0], parts[-1]
    if len(parts) > 2 or method == "DELETE":
        parts = [kind, "*", *([last] if len(parts) > 2 and method != "DELETE" else [])]
    return _NAMED.get((method, "/".join(parts)), last)
