"""The mail server, from one address in the environment."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT_S = 20
_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465, "smtps": 465}


def mailer(url: str) -> dict[str, Any]:
    """An entry of MAILERS for `smtp+tls://user:password@host:587`.

    smtp: no encryption; smtp+tls: STARTTLS; smtp+ssl or smtps: TLS from the start.
    Raises ImproperlyConfigured, without the address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured("EMAIL_URL is no address.") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL has to be smtp://, smtp+tls:// or smtp+ssl:// with a host, "
            "e.g. smtp+tls://user:password@mail.example.com:587."
        )
    options = {
        "host": parts.hostname,
        "port": port or _PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme in ("smtp+ssl", "smtps"),
        "timeout": TIMEOUT_S,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}
