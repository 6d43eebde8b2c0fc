"""All registries: who signs in there, whom they are trusted by, and how they are."""

from collections import Counter
from collections.abc import Iterable

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.filters import RegistryFilter
from updates.models import Registry, RemoteDigest
from updates.tables import RegistryTable
from updates.views.registry_use import uses

PER_PAGE = 50
# No list needs them, and each would be decrypted.
SECRETS = ("password", "identity_token", "client_key")


@require_safe
@permission_required("updates.view_registry", raise_exception=True)
def registries(request: HttpRequest) -> HttpResponse:
    rows = Registry.objects.defer(*SECRETS, "ca_pem", "client_cert")
    chosen = RegistryFilter(request.GET, queryset=rows)
    table = RegistryTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    _count_images(row.record for row in table.paginated_rows)
    context = {"filter": chosen, "table": table, "is_empty": not Registry.objects.exists()}
    return render(request, "updates/registries.html", context)


def _count_images(rows: Iterable[Registry]) -> None:
    """Give each row its `image_count`, the images that were checked there, and its `use`."""
    references = RemoteDigest.objects.order_by("reference").values_list("reference", flat=True)
    counts = Counter(text.partition("/")[0] for text in references.distinct())
    used = uses()
    for row in rows:
        row.image_count = counts[row.domain]  # type: ignore[attr-defined]
        row.use = used[row.domain]  # type: ignore[attr-defined]
