"""What about the registries needs a person: the settings', and each registry's own."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from updates.models import Registry
from updates.models.trust import ending_soon, why_left_out
from updates.templatetags.registries import until
from updates.views.overview.certificates import saved_concerns, state_of
from updates.views.overview.concern import Act, Concern
from updates.views.registries import SECRETS

_NEARLY_USED_UP = 10  # Percent of a rate limit.


def registry_concerns(request: HttpRequest) -> list[Concern]:
    """For those who may see registries; nothing for others. One statement."""
    if not request.user.has_perm("updates.view_registry"):
        return []
    rows = Registry.objects.defer(*SECRETS, "ca_pem", "client_cert")
    return concerns(list(rows))


def concerns(rows: Sequence[Registry]) -> list[Concern]:
    """All there is. Asks the database nothing."""
    return [*_of_settings(), *(concern for row in rows for concern in _of(row))]


def _of_settings() -> Iterator[Concern]:
    if complaint := why_left_out():
        yield Concern(_("left out"), "bad", _("CA of all registries"), complaint)
    if sentence := ending_soon():
        yield Concern(_("expires soon"), "news", _("CA of all registries"), sentence)
    if settings.WATCHWEB_INSECURE_REGISTRY:
        yield Concern(
            _("insecure"),
            "news",
            _("All registries"),
            _(
                "WATCHWEB_INSECURE_REGISTRY is on: certificates are not checked, but where a "
                "registry has a CA of its own."
            ),
        )


def _of(row: Registry) -> Iterator[Concern]:
    name, address = row.domain, row.get_absolute_url()
    test = Act(pgettext("verb", "Test"), f"{address}#test", "change_registry")
    change = Act(_("Replace"), reverse("registry-change", args=[row.pk]), "change_registry")
    if row.is_paused and row.paused_until:
        sentence = _("Its rate limit is used up; it is asked again from %(time)s.")
        sentence %= {"time": until(row.paused_until)}
        yield Concern(_("waits"), "busy", name, f"{sentence}{_more_for(row)}", address)
    elif row.is_failing:
        yield Concern(_("failing"), "bad", name, row.last_error, address, test)
    elif row.budget_percent is not None and row.budget_percent <= _NEARLY_USED_UP:
        yield Concern(
            _("rate limit"), "busy", name, f"{_nearly_used_up(row)}{_more_for(row)}", address
        )
    yield from saved_concerns(row.ca_expires_at, row.client_expires_at, (name, address), change)
    if row.is_refused and not row.is_failing:
        correct = Act(_("Correct it"), change.address, change.right)
        yield Concern(_("refused"), "bad", name, row.sign_in_refusal, address, correct)
    if sentence := row.own_ending():
        state, tone = state_of(is_over=row.has_ended)
        yield Concern(state, tone, name, sentence, address, test)
    if row.is_insecure:  # By its own row: what the settings say is said once.
        secure = Act(_("Secure it"), change.address, change.right)
        yield Concern(_("insecure"), "news", name, _danger(row), address, secure)


def _nearly_used_up(row: Registry) -> str:
    sentence = ngettext(
        "%(left)d of %(count)d request of its rate limit left.",
        "%(left)d of %(count)d requests of its rate limit left.",
        row.budget_limit or 0,
    )
    return sentence % {"left": row.budget_remaining, "count": row.budget_limit}


def _more_for(row: Registry) -> str:
    """What lifts the limit of one that is asked by nobody in particular."""
    return "" if row.fingerprint else " " + _("It grants more to those who sign in.")


def _danger(row: Registry) -> str:
    if row.plain_http:
        return _("Plain HTTP: everything is sent unencrypted, passwords too.")
    return _("Its certificate is not checked: whoever is on the way may pose as it.")
