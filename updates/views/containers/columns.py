"""The columns that a person wants to see, kept in their row of preferences."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.models import Preference
from updates.views.containers.table import choosable
from updates.views.person import preference_of

_LEFT_OUT_AT_FIRST = ("stack", "updated_at", "created_at")  # The name tells the stack.
_ALWAYS = "name"  # Kept with the rest, so that a person may choose nothing more.


def shown_to(preference: Preference) -> set[str]:
    """Names of the columns besides those that always are."""
    known = {name for name, _label in choosable()}
    if not preference.columns:
        return known - set(_LEFT_OUT_AT_FIRST)
    return known & set(preference.columns)


@require_http_methods(["GET", "POST"])
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Save what is ticked, or go back to what everybody sees at first; back to the list."""
    if request.method == "GET":  # Sign-in came in between and leads here.
        messages.error(request, _("Nothing was saved yet: please choose once more."))
        return redirect("containers")
    row = preference_of(request)
    known = {name for name, _label in choosable()}
    wanted = [one for one in request.POST.getlist("column") if one in known]
    row.columns = [] if "reset" in request.POST else [_ALWAYS, *wanted]
    row.save()
    return redirect(way_back(request))


def way_back(request: HttpRequest) -> str:
    """The list as it was, by the form's `next`."""
    place = request.POST.get("next", "")
    return place if url_has_allowed_host_and_scheme(place, None) else reverse("containers")
