"""All hosts: do they answer, what are they, what is on them, when are they next looked at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from updates.models import Host
from updates.views.host_facts import give_counts, give_next
from updates.views.host_table import HostFilter, HostTable

PER_PAGE = 50
# No page needs them but the form; the key would be decrypted.
TLS = ("tls_ca", "tls_cert", "tls_key")


@require_safe
def hosts(request: HttpRequest) -> HttpResponse:
    rows = Host.objects.defer(*TLS)
    chosen = HostFilter(request.GET, queryset=rows)
    table = HostTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    shown = [row.record for row in table.paginated_rows]
    give_counts(shown)
    give_next(shown)
    context = {"filter": chosen, "table": table, "is_empty": not rows.exists()}
    return render(request, "updates/hosts.html", context)
