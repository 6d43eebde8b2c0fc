"""One entry under `auths` in a config.json.

Source: docker/cli, cli/config/types (AuthConfig) and cli/config/configfile (`auth`).
"""

import base64
import binascii
from typing import Any

from updates.language import gettext as _
from updates.registry.errors import DockerConfigError
from updates.registry.logins.credentials import Credentials

IDENTITY_USER = "<token>"
_FIELDS = ("auth", "username", "password", "identitytoken", "registrytoken")
_STANDARD = str.maketrans("-_", "+/")


def read_login(domain: str, entry: Any, *, helper: str = "") -> tuple[Credentials | None, str]:
    """(credentials, ""), or (None, why there are none) as a sentence.

    `helper` is the credential helper that keeps the domain's login, if one does.
    Raises DockerConfigError if the entry is malformed.
    """
    fields = _fields(domain, entry)
    username, password = fields["username"], fields["password"]
    if fields["auth"]:
        username, password = _decoded(domain, fields["auth"])
    identity_token = fields["identitytoken"] or (password if username == IDENTITY_USER else "")
    if not username.isprintable():
        said = _("The login for %(registry)s has a user name that cannot be one.")
        raise DockerConfigError(said % {"registry": domain})
    if identity_token:
        return Credentials(username or IDENTITY_USER, identity_token=identity_token), ""
    if username and password:
        return Credentials(username, password), ""
    return None, _reason(domain, helper, is_token=bool(fields["registrytoken"]))


def _fields(domain: str, entry: Any) -> dict[str, str]:
    """All fields as text, empty where one is missing."""
    if not isinstance(entry, dict):
        said = _("The login for %(registry)s is no JSON object.")
        raise DockerConfigError(said % {"registry": domain})
    fields = {name: entry.get(name) or "" for name in _FIELDS}
    for name, value in fields.items():
        if not isinstance(value, str) or not _is_text(value):
            said = _('"%(name)s" of the login for %(registry)s is no text.')
            raise DockerConfigError(said % {"name": name, "registry": domain})
    return fields


def _is_text(value: str) -> bool:
    """Whether it can be sent: JSON may hold halves of characters."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _decoded(domain: str, auth: str) -> tuple[str, str]:
    """(user name, password) of base64 in either alphabet, padded or not."""
    text = auth.strip().translate(_STANDARD).rstrip("=")
    try:
        pair = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        # The error holds the secret.
        said = _('"auth" of the login for %(registry)s is no base64.')
        raise DockerConfigError(said % {"registry": domain}) from None
    username, colon, password = pair.partition(":")
    if not colon:
        said = _('"auth" of the login for %(registry)s is no user name and password in base64.')
        raise DockerConfigError(said % {"registry": domain})
    # Old versions of docker login filled passwords up with zero bytes.
    return username, password.rstrip("\0")


def _reason(domain: str, helper: str, *, is_token: bool) -> str:
    if is_token:
        said = _(
            "The login for %(registry)s is a registry token, which ends within minutes and cannot"
            " be renewed: it is left out."
        )
        return said % {"registry": domain}
    if helper:
        said = _('The secret for %(registry)s is kept by the helper "%(helper)s": it is left out.')
        return said % {"registry": domain, "helper": helper}
    said = _(
        "The login for %(registry)s lacks its user name or secret: it is left out. docker login"
        " makes a whole one."
    )
    return said % {"registry": domain}
