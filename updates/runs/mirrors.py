"""Which of an engine's mirrors of Docker Hub this worker can ask as the engine would."""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit


def within_reach(mirrors: Collection[str], engine_url: str) -> tuple[str, ...]:
    """The mirrors that mean the same here as there.

    An engine elsewhere means its own machine by localhost. A path is not followed by Docker either.
    """
    is_here = engine_url.startswith("unix://")
    return tuple(
        mirror
        for mirror in mirrors
        if not urlsplit(mirror).path and (is_here or not _is_loopback(mirror))
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
