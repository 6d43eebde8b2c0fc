"""A Docker config.json, pasted or uploaded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from updates.forms.write_only import WriteOnlyField
from updates.registry.errors import DockerConfigError
from updates.registry.logins.docker_config import MAX_CONFIG_BYTES, DockerConfig, read_docker_config

_TOO_LARGE = _("This file is larger than 1 MB: it is no config.json of Docker.")


class ImportForm(forms.Form):
    """What was pasted is never sent back: it holds passwords. A valid one has its `config`."""

    config: DockerConfig
    text = WriteOnlyField(
        label=_("Paste a config.json"),
        rows=8,
        purpose=_("Its passwords and tokens are what is kept."),
    )
    file = forms.FileField(
        label=_("Or upload the file"),
        required=False,
        allow_empty_file=True,
        help_text=_("~/.docker/config.json of the user who ran docker login."),
    )
    replace = forms.BooleanField(
        label=_("Replace credentials that are saved already"),
        required=False,
        help_text=_("Without it a registry with other credentials keeps them."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            text = self._text(cleaned)
            try:
                self.config = read_docker_config(text)
            except DockerConfigError as error:
                raise forms.ValidationError(str(error)) from None
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str:
        """What was sent, from where it was sent. Raises ValidationError."""
        text, file = cleaned["text"], cleaned["file"]
        if text and file:
            raise forms.ValidationError(_("Paste the text or choose the file, not both."))
        if not file:
            if not text:
                raise forms.ValidationError(
                    _("Paste the text of a config.json, or choose the file.")
                )
            return str(text)
        if file.size > MAX_CONFIG_BYTES:
            raise forms.ValidationError(_TOO_LARGE)
        try:
            return str(file.read().decode())
        except UnicodeDecodeError:
            # The error holds the bytes, and with them every secret.
            raise forms.ValidationError(_("This file is no text: it is no config.json.")) from None
