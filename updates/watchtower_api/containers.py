"""GET /v1/containers, /v1/containers/details, /v1/images: the inventory as it was last listed."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from updates.flow.labels import WATCHTOWER, boolean, text
from updates.models import Container
from updates.runs.fleet_policies import PoliciesByHost
from updates.watchtower_api import given
from updates.watchtower_api.answers import document
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.endpoint import endpoint

OWN = WATCHTOWER.rstrip(".")  # This label says that it is a Watchtower.


@endpoint("GET", "HEAD")
def containers(request: HttpRequest, _caller: Caller) -> HttpResponse:
    rows = [identity(row) for row in asked_for(request.GET).defer("labels", "ties")]
    return document(containers=rows, count=len(rows))


@endpoint("GET", "HEAD")
def details(request: HttpRequest, _caller: Caller) -> HttpResponse:
    policies = PoliciesByHost.read()
    rows = [identity(row) | _details(row, policies) for row in asked_for(request.GET)]
    return document(containers=rows, count=len(rows))


@endpoint("GET", "HEAD")
def images(request: HttpRequest, _caller: Caller) -> HttpResponse:
    rows = watched(request.GET)
    if name := request.GET.get("name", ""):
        rows = rows.filter(image=name)
    if image_id := request.GET.get("id", ""):
        rows = rows.filter(image_id=image_id)
    facts = ("image", "image_id", "local_digest")
    counted = rows.order_by(*facts).values_list(*facts).annotate(Count("pk"))
    names = ("name", "image_id", "digest", "containers")
    found = [dict(zip(names, row, strict=True)) for row in counted]
    return document(images=found, count=len(found))


def watched(query: QueryDict) -> QuerySet[Container]:
    """The containers that runs look after, on the hosts that are asked for."""
    rows = Container.objects.select_related("host").filter(host__in=given.hosts(query))
    return rows.exclude(status=Container.Status.EXCLUDED)


def asked_for(query: QueryDict) -> QuerySet[Container]:
    """Those of exactly this name, or this image."""
    rows = watched(query)
    if name := query.get("name", ""):
        rows = rows.filter(name=name.removeprefix("/"))
    if image := query.get("image", ""):
        rows = rows.filter(image=image)
    return rows


def identity(row: Container) -> dict[str, object]:
    """Which container this is. `host` is Watchweb's own: Watchtower has one alone."""
    return {
        "name": row.name,
        "image": row.image,
        "image_id": row.image_id,
        "digest": row.local_digest,
        "host": row.host.name,
    }


def _details(row: Container, policies: PoliciesByHost) -> dict[str, object]:
    settings = policies.of(row)
    return {
        "running": row.state == "running",
        "watchtower": row.labels.get(OWN) == "true",
        "monitor_only": settings.monitor_only,
        "no_pull": settings.no_pull,
        "enabled": boolean(row.labels, "enable") is not False,
        "stale": row.has_update,
        "scope": text(row.labels, "scope"),
    }
