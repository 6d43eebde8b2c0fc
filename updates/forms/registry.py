"""A registry's form: its labels and its help are those of the chosen kind."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.forms.write_only import PublicPemField, WriteOnlyField, WriteOnlyForm
from updates.models import Registry
from updates.registry.logins.kinds import RegistryKind, form_of, kind_of

# What a browser would fill in or correct on its own.
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
ADVANCED = ("identity_token", "realm_hosts", "client_cert", "client_key", "plain_http")
_PEM = {"spellcheck": "false", "rows": 6}


class RegistryForm(WriteOnlyForm):
    """Used by the pages and by the admin. Which fields there are does not depend on the kind."""

    secrets = ("password", "identity_token", "client_key")
    password = WriteOnlyField(label=gettext_lazy("Password or token"))
    identity_token = WriteOnlyField(
        label=gettext_lazy("Identity token"),
        purpose=gettext_lazy(
            "In place of a password: the refresh token that a docker login saved."
        ),
    )
    client_key = WriteOnlyField(
        label=gettext_lazy("Client key"),
        rows=6,
        purpose=gettext_lazy("PEM, without a password of its own."),
    )

    class Meta:
        model = Registry
        fields = (
            "domain",
            "kind",
            "username",
            "password",
            "identity_token",
            "realm_hosts",
            "trust",
            "ca_pem",
            "client_cert",
            "client_key",
            "plain_http",
        )
        labels = {
            "domain": gettext_lazy("Domain"),
            "kind": gettext_lazy("Kind"),
            "trust": gettext_lazy("Trust"),
        }
        field_classes = dict.fromkeys(("ca_pem", "client_cert"), PublicPemField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word(self.chosen_kind)
        for name in ("domain", "username", "realm_hosts"):
            self._set(name, **_PLAIN)
        for name in ("ca_pem", "client_cert"):
            self._set(name, **_PEM)

    @property
    def uses_advanced(self) -> bool:
        """Whether a field that few registries need is filled in, or refused."""
        return any(
            name in self.errors or getattr(self.instance, name) or self[name].value()
            for name in ADVANCED
        )

    @property
    def chosen_kind(self) -> RegistryKind:
        """What the person chose, or else what the row has."""
        sent = self.data.get(self.add_prefix("kind")) if self.is_bound else None
        kind = sent or self.initial.get("kind") or self.instance.kind
        return RegistryKind(kind) if kind in set(RegistryKind) else RegistryKind.GENERIC

    def _word(self, kind: RegistryKind) -> None:
        words = form_of(kind)
        if "username" in self.fields:
            self.fields["username"].label = _(words.username_label)
            self.fields["username"].help_text = _(words.username_help)
        password = self.fields.get("password")
        if isinstance(password, WriteOnlyField):
            password.label = _(words.secret_label)
            password.purpose = _(words.secret_help)
            password.describe(
                is_saved=self.has_saved("password"), was_sent=self.was_sent("password")
            )
            if kind is RegistryKind.GOOGLE:  # A whole file, with line ends.
                password.widen(rows=6)

    def _set(self, name: str, **attributes: Any) -> None:
        """The admin leaves out fields that its user may only look at."""
        if name in self.fields:
            self.fields[name].widget.attrs.update(attributes)


def unjudged(sent: Mapping[str, str], row: Registry | None = None) -> RegistryForm:
    """The form with what was typed so far, but for secrets, and with no complaint about it.

    A domain that tells its kind proposes it to whoever has chosen none.
    """
    kept = set(RegistryForm.Meta.fields) - set(RegistryForm.secrets)
    typed: dict[str, Any] = {name: sent[name] for name in kept if name in sent}
    typed["plain_http"] = bool(sent.get("plain_http"))
    kind = typed.get("kind") or RegistryKind.GENERIC
    if kind == RegistryKind.GENERIC:
        typed["kind"] = kind_of(typed.get("domain", "")).value
    return RegistryForm(initial=typed, instance=row)


def is_proposed(sent: Mapping[str, str]) -> bool:
    """Whether the typed domain tells a kind that the form does not show yet."""
    shown = sent.get("kind") or RegistryKind.GENERIC
    return shown == RegistryKind.GENERIC and kind_of(sent.get("domain", "")) != shown
