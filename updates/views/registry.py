"""One registry: what it is, how it is, what it answered, and the tokens it gave."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.certificates import held_by
from updates.forms import ImageForm
from updates.models import Registry, RegistryToken, RemoteDigest
from updates.registry.logins.kinds import RegistryKind, form_of
from updates.registry.probing.probe import Finding
from updates.tables import ImageTable, RegistryTokenTable
from updates.views.registries import SECRETS
from updates.views.registry_use import asked_of, uses

PER_PAGE = 25


@require_safe
@permission_required("updates.view_registry", raise_exception=True)
def registry(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Registry.objects.defer(*SECRETS), pk=pk)
    context = page_context(request, row, ImageForm(row))
    return render(request, "updates/registry.html", context)


def page_context(
    request: HttpRequest, row: Registry, form: ImageForm, findings: Sequence[Finding] = ()
) -> dict[str, Any]:
    """All that the page shows; `findings` are of a test that has just ended."""
    answers = RemoteDigest.objects.of_registry(row.domain)
    images = ImageTable(answers, prefix="image-")
    tokens = RegistryTokenTable(tokens_of(row), prefix="token-")
    for table in (images, tokens):
        paging = {"per_page": PER_PAGE, "silent": True}
        RequestConfig(request, paginate=paging).configure(table)
    return {
        "registry": row,
        "kind": form_of(RegistryKind(row.kind)),
        "certificates": held_by(row),
        "form": form,
        "findings": findings,
        "images": images,
        "tokens": tokens,
        "use": uses()[row.domain],
        "asked": asked_of(row.domain),
    }


def tokens_of(row: Registry) -> QuerySet[RegistryToken]:
    return RegistryToken.objects.filter(registry=row.address).defer("value")
