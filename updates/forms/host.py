"""A host's form: PEM is pasted or uploaded, the key goes in and never out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from updates.forms.write_only import PublicPemField, WriteOnlyField, WriteOnlyForm
from updates.models import Host

# What a browser would fill in or correct on its own.
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_PEM = {"spellcheck": "false", "rows": 5}
TLS = ("tls_ca", "tls_cert", "tls_key")
MAX_PEM_BYTES = 100_000


class HostForm(WriteOnlyForm):
    """Used by the pages and by the admin."""

    secrets = ("tls_key",)
    tls_key = WriteOnlyField(
        label=_("Client key"), rows=5, purpose=_("PEM, without a password of its own.")
    )

    class Meta:
        model = Host
        fields = ("name", "url", "enabled", "queue", *TLS)
        labels = {"name": _("Name"), "enabled": _("Enabled"), "queue": _("Queue")}
        field_classes = dict.fromkeys(("tls_ca", "tls_cert"), PublicPemField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "url", "queue"):
            self._set(name, **_PLAIN)
        for name in ("tls_ca", "tls_cert"):
            self._set(name, **_PEM)

    def _set(self, name: str, **attributes: Any) -> None:
        """The admin leaves out fields that its user may only look at."""
        if name in self.fields:
            self.fields[name].widget.attrs.update(attributes)


class HostPageForm(HostForm):
    """With a file for each PEM; what is uploaded counts more than what is pasted."""

    tls_ca_file = forms.FileField(label=_("Or its file"), required=False)
    tls_cert_file = forms.FileField(label=_("Or its file"), required=False)
    tls_key_file = forms.FileField(label=_("Or its file"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].help_text = ""  # The page has examples beside it.

    def clean(self) -> dict[str, Any]:
        for name in TLS:
            if upload := self.cleaned_data.get(f"{name}_file"):
                self._take(name, upload)
        return super().clean()

    def _take(self, name: str, upload: Any) -> None:
        try:
            self.cleaned_data[name] = _text_of(upload)
        except ValidationError as error:
            self.add_error(f"{name}_file", error)

    @property
    def uses_tls(self) -> bool:
        """Whether there is any TLS material, or something is wrong with it."""
        names = (*TLS, *(f"{name}_file" for name in TLS))
        return any(name in self.errors or getattr(self.instance, name, "") for name in names)


def _text_of(upload: Any) -> str:
    if upload.size > MAX_PEM_BYTES:
        raise ValidationError(_("This file is too big to be PEM."))
    try:
        return str(upload.read().decode())
    except UnicodeDecodeError as error:
        raise ValidationError(_("This is no text file; PEM is asked for.")) from error
