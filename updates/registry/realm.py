"""The token service a registry names: may it be asked, and may it get the credentials?

A registry is a stranger that says where to send a password. It may say so only for its own
host, for a host known to belong to it, and for hosts that an administrator listed.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from updates.registry.config import RegistryConfig
from updates.registry.errors import AuthError, NotARegistry

# A backslash or a space is part of the host to some readers of URLs, and its end to others.
_PLAIN = re.compile(r"[!-\[\]-~]+")
_KNOWN_PAIRS = frozenset({("docker.io", "auth.docker.io"), ("registry.gitlab.com", "gitlab.com")})


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token service: its address, and the name under which it knows the registry."""

    realm: str
    service: str


def check_realm(bearer: Bearer, config: RegistryConfig) -> None:
    """Refuse a realm that must not be asked, or must not get what would be sent to it.

    Addresses are looked at when the connection is made (addresses.py).
    Raises NotARegistry for a malformed realm, AuthError for one that is not allowed.
    """
    parts = _parts(bearer.realm, config.domain)
    if parts.scheme != "https" and not (parts.scheme == "http" and config.plain_http):
        raise AuthError(
            f"{config.domain} names a token service without TLS ({parts.netloc}): it is not asked."
        )
    if config.credentials is not None and not _may_have_credentials(parts, config):
        raise AuthError(
            f"{config.domain} wants its credentials sent to {parts.netloc}: allow that host for"
            " this registry if it is right."
        )


def _parts(realm: str, domain: str) -> SplitResult:
    try:
        parts = urlsplit(realm)
        is_usable = parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        is_usable = None
    if not is_usable or parts.scheme not in ("http", "https") or not _PLAIN.fullmatch(realm):
        raise NotARegistry(f"{domain} names a token service that has no usable address.")
    return parts


def _may_have_credentials(parts: SplitResult, config: RegistryConfig) -> bool:
    host = parts.hostname or ""
    own = urlsplit(config.base_url).hostname
    if host == own:
        return True
    if parts.scheme != "https":
        return False
    if (config.domain, host) in _KNOWN_PAIRS:
        return True
    name = f"[{host}]" if ":" in host else host
    allowed = {entry.strip().lower() for entry in config.realm_hosts}
    return bool({name, f"{name}:{parts.port or 443}"} & allowed)
