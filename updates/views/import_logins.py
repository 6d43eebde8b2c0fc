"""Take over the logins of a Docker config.json."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from updates.forms import ImportForm
from updates.runs.import_logins import import_logins


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("updates.add_registry", "updates.change_registry"), raise_exception=True)
def import_registries(request: HttpRequest) -> HttpResponse:
    """The form; sent, what became of each login."""
    if request.method != "POST":
        return render(request, "updates/registries_import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "updates/registries_import.html", {"form": form})
    imported = import_logins(form.config, replace=form.cleaned_data["replace"])
    context = {"form": ImportForm(), "imported": imported, "notes": form.config.notes}
    return render(request, "updates/registries_import.html", context | {"is_done": True})
