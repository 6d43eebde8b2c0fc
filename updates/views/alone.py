"""A form's field that is checked on its own, as one leaves it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST


class Alone:
    """The view for the fields of `form` that say on their own whether they are right.

    `address`: the name of its addresses, which hold the field's name and the key of the row.
    """

    def __init__(self, form: "type[forms.ModelForm[Any]]", names: tuple[str, ...], address: str):
        self.form = form
        self.names = names
        self.address = address
        self.view = never_cache(require_POST(self._answer))

    def addresses(self, pk: int | None) -> dict[str, str]:
        """For a page's context: check_<field>."""
        keys = [pk] if pk else []
        return {f"check_{name}": reverse(self.address, args=[name, *keys]) for name in self.names}

    def _answer(self, request: HttpRequest, name: str, pk: int | None = None) -> HttpResponse:
        """The field alone, with what is wrong with what was typed there. Nothing is saved."""
        model = self.form._meta.model
        verb = "change" if pk else "add"
        if not request.user.has_perm(f"updates.{verb}_{model._meta.model_name}"):
            raise PermissionDenied
        if name not in self.names:
            raise Http404
        row = get_object_or_404(model, pk=pk) if pk else None
        return render(
            request, "updates/field.html", {"field": self._checked(name, request.POST, row)}
        )

    def _checked(self, name: str, sent: Mapping[str, str], row: Any) -> forms.BoundField:
        form = self.form({name: sent.get(name, "")}, instance=row)
        form.is_valid()
        return form[name]
