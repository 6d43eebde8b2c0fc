"""Take a registry's row away, once it was said what depends on it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.models import Registry, RemoteDigest
from updates.views.check_again import running_images_of
from updates.views.registry import tokens_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.delete_registry", raise_exception=True)
def delete_registry(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Registry, pk=pk)
    if request.method != "POST":
        containers = running_images_of(row, "")
        answers = RemoteDigest.objects.of_registry(row.domain)
        context = {
            "registry": row,
            "containers": containers,
            "host_count": len({one.host.pk for one in containers}),
            "image_count": answers.values("reference").distinct().count(),
            "token_count": tokens_of(row).count(),
        }
        return render(request, "updates/registry_delete.html", context)
    with transaction.atomic():
        tokens_of(row).delete()
        row.delete()
    messages.success(request, _("%(name)s was deleted.") % {"name": row})
    is_list_visible = request.user.has_perm("updates.view_registry")
    return redirect("registries" if is_list_visible else "dashboard")
