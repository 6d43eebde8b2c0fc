"""A person's own page: colours and time zone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from updates.forms.preference import PreferenceForm
from updates.models import Preference
from updates.views.person import preference_of
from updates.views.places import open_places


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST or None, instance=preference_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("preferences")
    return render(request, "updates/preferences.html", {"form": form})


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Of the menu on every page; back to that page."""
    theme = request.POST.get("theme", "")
    if theme in Preference.Theme.values:
        row = preference_of(request)
        row.theme = theme
        row.save()
    place = request.POST.get("next", "")
    return redirect(place if url_has_allowed_host_and_scheme(place, None) else "dashboard")


@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "updates/shortcuts.html", {"keys": list(open_places(request.user))})
