"""Logins of a Docker config.json become registries' rows."""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from updates.models import Registry
from updates.registry.logins.docker_config import DockerConfig, Login
from updates.registry.logins.kinds import kind_of


class Outcome(StrEnum):
    """What became of one login."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Imported:
    """One login's outcome. The sentence is for the person who imports, and holds no secret."""

    domain: str
    outcome: Outcome
    sentence: str


def import_logins(config: DockerConfig, *, replace: bool, dry_run: bool = False) -> list[Imported]:
    """Save each login at its registry's row; what else the row holds stays.

    A row with other credentials is kept unless `replace`. All are saved, or none if the
    database fails; with `dry_run` the same is said and nothing is saved.
    """
    with transaction.atomic():
        return [_import(login, replace=replace, dry_run=dry_run) for login in config.logins]


def _import(login: Login, *, replace: bool, dry_run: bool) -> Imported:
    domain, credentials = login.domain, login.credentials
    row = Registry.objects.filter(domain=domain).first()
    outcome = Outcome.CHANGED if row else Outcome.ADDED
    row = row or Registry(domain=domain, kind=kind_of(domain).value)
    saved = row.credentials()
    if saved == credentials:
        said = _("%(registry)s has these credentials already.")
        return Imported(domain, Outcome.UNCHANGED, said % {"registry": domain})
    if saved and not replace:
        said = _("%(registry)s keeps the other credentials saved for it.")
        return Imported(domain, Outcome.KEPT, said % {"registry": domain})
    row.username = credentials.username
    row.password, row.identity_token = credentials.password, credentials.identity_token
    try:
        row.full_clean()
    except ValidationError as error:
        return Imported(domain, Outcome.LEFT_OUT, f"{domain}: {' '.join(error.messages)}")
    if not dry_run:
        row.save()
    return Imported(domain, outcome, _described(row))


def _described(row: Registry) -> str:
    if row.username and row.identity_token:
        said = _("%(registry)s is asked as %(name)s, with an identity token.")
    elif row.username:
        said = _("%(registry)s is asked as %(name)s.")
    elif row.identity_token:
        said = _("%(registry)s is asked without a user name, with an identity token.")
    else:
        said = _("%(registry)s is asked without a user name.")
    return said % {"registry": row.domain, "name": row.username}
