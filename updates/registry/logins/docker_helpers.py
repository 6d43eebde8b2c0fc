"""Credential helpers that a config.json names: programs that keep its logins elsewhere.

Watchweb runs none of them: a note says what to do instead.
Source: docker/cli, cli/config (`credsStore`, `credHelpers`), and each helper's documentation.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from updates.language import gettext as _
from updates.language import ngettext
from updates.registry.errors import DockerConfigError, InvalidReference
from updates.registry.logins.kinds import RegistryKind, form_of
from updates.registry.reference import normalize_domain

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KINDS = {
    "ecr-login": RegistryKind.ECR,
    "gcloud": RegistryKind.GOOGLE,
    "gcr": RegistryKind.GOOGLE,
    "acr-env": RegistryKind.AZURE,
    "acr-linux": RegistryKind.AZURE,
}


@dataclass(frozen=True, slots=True)
class Helpers:
    """`store` keeps all logins ("" for none), except those of the domains in `single`."""

    store: str
    single: Mapping[str, str]

    def of(self, domain: str) -> str:
        """The helper that keeps a domain's login; "" if none does."""
        return self.single.get(domain, self.store)

    def notes(self) -> Iterator[str]:
        """A sentence for each helper: what it keeps, and what to do instead."""
        if self.store:
            said = _('The logins are kept by the helper "%(helper)s". %(advice)s')
            yield said % {"helper": self.store, "advice": _advice(self.store)}
        for name in sorted(set(self.single.values()) - {""}):
            domains = _listed(sorted(one for one, own in self.single.items() if own == name))
            said = _('The login for %(registries)s is kept by the helper "%(helper)s". %(advice)s')
            yield said % {"registries": domains, "helper": name, "advice": _advice(name)}


def read_helpers(store: Any, single: Mapping[str, Any]) -> Helpers:
    """The helpers of a config.json. Raises DockerConfigError if one cannot be a program's name."""
    # An empty name takes a domain out of the store.
    helpers = {_domain(address): _name(name) for address, name in single.items()}
    helpers.pop("", None)
    return Helpers(_name(store), helpers)


def _name(value: Any) -> str:
    if value in (None, ""):
        return ""
    # A note tells people to run it: nothing but a name may stand there.
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise DockerConfigError(_("This config.json names a credential helper that can be none."))
    return value


def _domain(address: str) -> str:
    """The domain; empty for what is no address, where nothing is ever asked."""
    try:
        return normalize_domain(address)
    except InvalidReference:
        return ""


def _advice(name: str) -> str:
    if kind := _KINDS.get(name):
        said = _("Add the registry with the kind %(kind)s.")
        return said % {"kind": _(form_of(kind).label)}
    said = _(
        "Run docker-credential-%(helper)s get to see one and enter it here, or take the helper out"
        " of a copy of this file, run docker login with that copy, and import it."
    )
    return said % {"helper": name}


def _listed(domains: list[str]) -> str:
    shown = ", ".join(domains[:5])
    more = len(domains) - 5
    if more <= 0:
        return shown
    said = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more)
    return said % {"names": shown, "count": more}
