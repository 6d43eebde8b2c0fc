"""How a registry reads on the pages: who signs in there, whom it trusts, what is left."""

import os
from datetime import datetime

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, ngettext_lazy

from updates.engine.probing.findings import Step
from updates.models import Registry, RegistryToken
from updates.models.trust import trust_defaults
from updates.registry.errors import RegistryError
from updates.registry.logins.docker_config import environment_login
from updates.registry.logins.docker_login import IDENTITY_USER
from updates.registry.logins.kinds import RegistryKind, form_of
from updates.registry.probing.findings import CREDENTIALS_STEP, ProbeStep
from updates.registry.sign_in import SignInState
from updates.registry.tls.trust import TrustDefaults
from updates.templatetags.units import UNITS

register = template.Library()

_SHORT_FINGERPRINT = 8
_STEPS: dict[str, str] = {
    ProbeStep.DNS: "DNS",
    ProbeStep.TLS: "TLS",
    ProbeStep.PING: gettext_noop("Ping"),
    ProbeStep.CHALLENGE: gettext_noop("Challenge"),
    ProbeStep.TOKEN: gettext_noop("Token"),
    ProbeStep.MANIFEST: gettext_noop("Manifest"),
    CREDENTIALS_STEP: gettext_noop("Credentials"),
    Step.REACH: gettext_noop("Reach"),
    Step.VERSION: gettext_noop("Version"),
    Step.CONTAINERS: gettext_noop("Containers"),
}
_WINDOWS = (
    (86400, ngettext_lazy("per day", "per %(count)d days", "count")),
    (3600, ngettext_lazy("per hour", "per %(count)d hours", "count")),
    (60, ngettext_lazy("per minute", "per %(count)d minutes", "count")),
    (1, ngettext_lazy("per second", "per %(count)d seconds", "count")),
)


@register.filter
def signs_in(row: Registry) -> str:
    """Who a check is to the registry: a user name, "anonymous", or where it is lent from."""
    form = form_of(RegistryKind(row.kind))
    if form.is_brokered:
        if row.username:
            return _("short-lived, by %(name)s") % {"name": row.username}
        return _("short-lived, by the worker's own role")
    if row.username in ("", IDENTITY_USER):
        if row.fingerprint:
            return _("identity token")
        return _of_environment(row.domain) or _("anonymous")
    return row.username


@register.filter
def sign_in(row: Registry) -> str:
    """What the last check found of the sign-in: "signed in as acme", "anonymous", "refused"."""
    match row.sign_in:
        case SignInState.REFUSED:
            return _("refused")
        case SignInState.ACCEPTED if row.signed_in_as:
            return _("signed in as %(name)s") % {"name": row.signed_in_as}
        case SignInState.ACCEPTED:
            return _("signed in with an identity token")
        case SignInState.ANONYMOUS if row.fingerprint:
            return _("anonymous: it does not ask who is there")
        case SignInState.ANONYMOUS:
            return _("anonymous")
    return _("not tried yet")


@register.filter
def trusts(row: Registry) -> str:
    """Whose certificates count for the registry, its own choice and the settings together."""
    everywhere = trust_defaults()
    if row.plain_http:
        return _("none: plain HTTP")
    if row.trust == Registry.Trust.INSECURE:
        return _("not checked")
    if row.trust == Registry.Trust.SYSTEM:
        return _trusts_by_settings(everywhere)
    if row.trust == Registry.Trust.CA_ONLY:
        return _("its own CA alone")
    if everywhere.ca_pem:
        return _("system CAs, its own CA and the settings'")
    return _("system CAs and its own CA")


@register.filter
def is_insecure(row: Registry) -> bool:
    """Whether anybody on the way may read and change what is sent, by its row or by settings."""
    by_settings = row.trust == Registry.Trust.SYSTEM and trust_defaults().insecure
    return row.is_insecure or by_settings


@register.filter
def window(seconds: int | None) -> str:
    """A limit's window: " per 6 hours", " per minute"; "" where none is named."""
    if not seconds:
        return ""
    length, words = next(one for one in _WINDOWS if seconds % one[0] == 0)
    return f" {words % {'count': seconds // length}}"


@register.filter
def until(moment: datetime) -> str:
    """ "14:05", and the day before it unless that is today."""
    local = timezone.localtime(moment)
    is_today = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if is_today else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def left(moment: datetime) -> str:
    """The time until a moment in one unit: "4 minutes"; "moments" below a minute."""
    if (moment - timezone.now()).total_seconds() < 60:
        return _("moments")
    return timeuntil(moment, depth=1, time_strings=UNITS)


@register.filter
def days_left(end: datetime) -> str:
    """The whole days until a moment: "23 days left"; "ended" once it is over."""
    rest = end - timezone.now()
    if rest.total_seconds() <= 0:
        return _("ended")
    if not rest.days:
        return _("less than a day left")
    return ngettext("%(days)d day left", "%(days)d days left", rest.days) % {"days": rest.days}


@register.filter
def age(moment: datetime) -> str:
    """How long ago in one unit: "3 minutes"; "moments" below a minute."""
    if (timezone.now() - moment).total_seconds() < 60:
        return _("moments")
    return timesince(moment, depth=1, time_strings=UNITS)


@register.filter
def step_name(step: str) -> str:
    """A step of a connection's test as a heading: "DNS", "Token"."""
    return _(_STEPS[step])


@register.filter
def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


@register.filter
def who(token: RegistryToken) -> str:
    """Whose token it is: a piece of the credentials' fingerprint, which tells nothing of them."""
    if not token.fingerprint and token.realm.startswith("credentials:"):
        return _("the worker's own role")
    return token.fingerprint[:_SHORT_FINGERPRINT] or _("anonymous")


@register.filter
def token_state(token: RegistryToken) -> str:
    """ "being fetched", "fresh" or "expired"; a badge translates it."""
    if token.filling_until is not None and token.filling_until > timezone.now():
        return gettext_noop("being fetched")
    return gettext_noop("expired") if token.is_expired else gettext_noop("fresh")


def _trusts_by_settings(everywhere: TrustDefaults) -> str:
    if everywhere.insecure:
        return _("not checked, by the settings")
    return _("system CAs and the settings' CA") if everywhere.ca_pem else _("system CAs")


def _of_environment(domain: str) -> str:
    """Watchtower's REPO_USER, where it goes to this registry."""
    if domain not in settings.WATCHWEB_REPO_REGISTRIES:
        return ""
    try:
        login = environment_login(os.environ)
    except RegistryError:
        return ""
    return f"{login.username} (REPO_USER)" if login else ""
