"""A transport to a registry, made from what is known of it: its trust, and how far it may lead."""

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from updates.registry.addresses import PeerGuard
from updates.registry.config import RegistryConfig
from updates.registry.errors import NotARegistry
from updates.registry.messages import Request
from updates.registry.tls.shown import ShownCertificate
from updates.registry.tls.trust import CABundle, load_ca_bundle, ssl_context
from updates.registry.transport import STANDARD_LIMITS, Limits, Transport


def open_transport(
    config: RegistryConfig,
    clock: Callable[[], float],
    *,
    observer: Callable[[Request], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    limits: Limits = STANDARD_LIMITS,
) -> Transport:
    """A session with the registry; nothing is sent yet. Raises TrustError."""
    guard = PeerGuard(
        urlsplit(config.base_url).hostname or "",
        named=(urlsplit(f"//{entry}").hostname or "" for entry in config.realm_hosts),
    )
    return Transport(
        context_of(config, clock),
        guard,
        plain_http=config.plain_http,
        observer=observer,
        sleep=sleep,
        limits=limits,
        shown=_shown(config),
    )


def host_and_port(config: RegistryConfig) -> tuple[str, int]:
    """Where its API listens; an IPv6 address has no brackets. Raises NotARegistry."""
    try:
        parts = urlsplit(config.base_url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise NotARegistry(f"{config.address} is, or leads to, an address that is none.")
    default = 80 if config.plain_http else 443
    return host, default if port is None else port


def context_of(config: RegistryConfig, clock: Callable[[], float]) -> ssl.SSLContext:
    """The TLS context of the registry's connections. Raises TrustError."""
    return ssl_context(config.trust, bundle_of(config, clock), config.client_certificate)


def bundle_of(config: RegistryConfig, clock: Callable[[], float]) -> CABundle | None:
    """The CA certificates that its trust mode adds; what has expired is left out."""
    if not (config.trust.needs_ca and config.ca_pem):
        return None
    now = datetime.fromtimestamp(clock(), UTC)
    return load_ca_bundle(config.ca_pem, now=now, expired_may_stay=True)


def _shown(config: RegistryConfig) -> ShownCertificate | None:
    """None for an address that is none: the first request says so."""
    try:
        return ShownCertificate(*host_and_port(config))
    except NotARegistry:
        return None
