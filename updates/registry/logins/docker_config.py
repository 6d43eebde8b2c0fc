"""Logins that other programs keep: Docker's config.json, and Watchtower's two variables.

Sources: docker/cli, cli/config (the file's format); Watchtower's documentation of REPO_USER and
REPO_PASS.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from updates.language import gettext as _
from updates.registry.errors import DockerConfigError, InvalidReference
from updates.registry.logins.broker import AZURE_TOKEN_USER
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.docker_helpers import Helpers, read_helpers
from updates.registry.logins.docker_login import read_login
from updates.registry.logins.kinds import AWS_TOKEN_USER, GOOGLE_TOKEN_USER
from updates.registry.reference import normalize_domain

MAX_CONFIG_BYTES = 1024 * 1024
_MAX_PASSWORD_BYTES = 64 * 1024
# docker login keeps parts of a login by browser under these addresses: they are no registries.
_BOOKKEEPING = ("/v1/access-token", "/v1/refresh-token")
_TOKEN_USERS = frozenset({AWS_TOKEN_USER, AZURE_TOKEN_USER, GOOGLE_TOKEN_USER})


@dataclass(frozen=True, slots=True)
class Login:
    """`domain` as references have it: docker.io, ghcr.io, registry.example.com:5000."""

    domain: str
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """`logins` hold each domain once. `notes` are sentences on what is missing or will not last."""

    logins: tuple[Login, ...]
    notes: tuple[str, ...]


def read_docker_config(text: str) -> DockerConfig:
    """Read the text of a config.json.

    There may be notes without any login: they say where the logins are. A login that is broken is
    a note beside others. Raises DockerConfigError, a sentence without a secret, if the text is
    malformed, or holds nothing that can be used.
    """
    document = _document(text)
    helpers = read_helpers(document.get("credsStore"), _part(document, "credHelpers"))
    logins: dict[str, Login] = {}
    notes = list(helpers.notes())
    broken: list[DockerConfigError] = []
    for address, entry in _part(document, "auths").items():
        try:
            login, found = _read_entry(address, entry, helpers)
        except DockerConfigError as error:
            broken.append(error)
            login, found = None, [_("%(error)s It is left out.") % {"error": error}]
        notes += found
        if login is None:
            continue
        if login.domain in logins:
            said = _("There are several logins for %(registry)s: the last one is used.")
            notes.append(said % {"registry": login.domain})
        logins[login.domain] = login
    if not logins and broken:
        raise broken[0]
    if not logins and not notes:
        raise DockerConfigError(_("This config.json holds no login: docker login makes one."))
    return DockerConfig(tuple(logins.values()), tuple(dict.fromkeys(notes)))


def environment_login(env: Mapping[str, str]) -> Credentials | None:
    """Watchtower's REPO_USER and REPO_PASS, which it sent to every registry; None if unset.

    REPO_PASS may be the path of a file that holds the password, as Docker's secrets are:
    /run/secrets/NAME. Raises DockerConfigError if one is set alone, or the file is unreadable.
    """
    username, password = env.get("REPO_USER", ""), env.get("REPO_PASS", "")
    if not username and not password:
        return None
    if not (username and password):
        given, missing = ("REPO_USER", "REPO_PASS") if username else ("REPO_PASS", "REPO_USER")
        raise DockerConfigError(f"{given} is set, but {missing} is not: set both or neither.")
    return Credentials(username, _read_password(password) if _is_file(password) else password)


def _document(text: str) -> dict[str, Any]:
    if len(text.encode(errors="replace")) > MAX_CONFIG_BYTES:
        said = _("This file is larger than 1 MB: it is no config.json of Docker.")
        raise DockerConfigError(said)
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        # The error holds the whole text.
        said = _("This file is not JSON: it is no config.json of Docker.")
        raise DockerConfigError(said) from None
    if not isinstance(document, dict):
        said = _("This file holds no JSON object: it is no config.json of Docker.")
        raise DockerConfigError(said)
    return document


def _part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An object within the document; empty if it is not there."""
    part = document.get(name)
    if part is not None and not isinstance(part, dict):
        said = _('"%(name)s" of this config.json is no JSON object.')
        raise DockerConfigError(said % {"name": name})
    return part or {}


def _read_entry(address: str, entry: Any, helpers: Helpers) -> tuple[Login | None, list[str]]:
    """(login, notes) of one entry under `auths`; None if there is nothing to take."""
    if address.rstrip("/").endswith(_BOOKKEEPING):
        return None, []
    try:
        domain = normalize_domain(address)
    except InvalidReference as error:
        return None, [_("%(error)s Its login is left out.") % {"error": error}]
    credentials, reason = read_login(domain, entry, helper=helpers.of(domain))
    if credentials is None:
        return None, [reason]
    login = Login(domain, credentials)
    return login, list(_reservations(address, login))


def _reservations(address: str, login: Login) -> Iterator[str]:
    """What a person should know of a login that is taken."""
    domain = login.domain
    *__, path = address.removeprefix("https://").removeprefix("http://").partition("/")
    if path.strip("/") not in ("", "v1", "v2"):
        said = _("The login for a part of %(registry)s is used for all of it.")
        yield said % {"registry": domain}
    if login.credentials.username in _TOKEN_USERS:
        said = _(
            "The login for %(registry)s ends within hours: enter lasting credentials in its place."
        )
        yield said % {"registry": domain}


def _is_file(value: str) -> bool:
    """Whether it is the path of a file, and not a password that begins like one."""
    try:
        return value.startswith("/") and Path(value).is_file()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def _read_password(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_PASSWORD_BYTES + 1)
        password = content.decode().rstrip("\r\n")
    except (OSError, ValueError):
        # The error may hold the content.
        raise DockerConfigError("The file that REPO_PASS names cannot be read.") from None
    if not password or len(content) > _MAX_PASSWORD_BYTES:
        raise DockerConfigError("The file that REPO_PASS names holds no password.")
    return password
