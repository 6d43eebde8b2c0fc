"""The mirrors of Docker Hub that an engine pulls from. Source: Engine API, `GET /info`."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

_MOST = 8


def mirrors_of(info: Any) -> tuple[str, ...]:
    """The first 8 of RegistryConfig.Mirrors, as configured but without a slash at the end.

    () for an engine that has none or says it otherwise, as Podman does.
    """
    config = info.get("RegistryConfig") if isinstance(info, dict) else None
    listed = config.get("Mirrors") if isinstance(config, dict) else None
    found = dict.fromkeys(_urls(listed if isinstance(listed, list) else []))
    return tuple(found)[:_MOST]


def _urls(listed: list[Any]) -> Iterator[str]:
    for text in listed:
        url = str(text).strip().rstrip("/")
        if _is_plain(url):
            yield url


def _is_plain(url: str) -> bool:
    """An address and no more: a login or a query could hold a secret."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    is_bare = not (parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_port and is_bare
