"""Who may only look at a row sees no secret of it: the admin shows such people every field as it
is saved."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from updates.forms import WriteOnlyForm


class SecretsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """An admin whose form is a WriteOnlyForm: its secrets are for those who may change them."""

    form: type[WriteOnlyForm] = WriteOnlyForm

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [(title, self._without_secrets(options)) for title, options in fieldsets]

    def _without_secrets(self, options: Any) -> Any:
        shown = tuple(name for name in options["fields"] if name not in self.form.secrets)
        return options | {"fields": shown}
