"""POST /v1/check: a scan, and how each of the containers stands to its registry after it."""

from django.http import HttpRequest, HttpResponse

from updates.flow.names import fits_regex, image_spellings, matches
from updates.flow.session import Kind
from updates.models import Container
from updates.models.api_token import Scope
from updates.watchtower_api import callers, given
from updates.watchtower_api.answers import document, stamp
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.containers import identity, watched
from updates.watchtower_api.endpoint import endpoint
from updates.watchtower_api.seats import WAITING
from updates.watchtower_api.starting import Wish, start
from updates.watchtower_api.update import refuse_undone
from updates.watchtower_api.waiting import wait

LONGEST_S = 300.0


@endpoint("POST", scope=Scope.UPDATE, identify=callers.by_header)
def check(request: HttpRequest, caller: Caller) -> HttpResponse:
    wish = Wish.of(request.GET)
    timeout_s = given.timeout_s(request.GET, LONGEST_S)
    with WAITING.taken():
        over = wait(start(wish, Kind.SCAN, caller).pk, timeout_s)
    refuse_undone(over)
    rows = [checked(row) for row in watched(request.GET) if fits(row, wish)]
    return document(containers=rows, count=len(rows), run=over.run.pk)


def checked(row: Container) -> dict[str, object]:
    """How a container stands to its registry. `latest_image_id` is known once it is pulled."""
    failed = row.status == Container.Status.UNKNOWN
    facts = identity(row) | {
        "update_available": row.has_update,
        "latest_image_id": "" if row.has_update or failed else row.image_id,
        "latest_digest": "" if failed else row.remote_digest,
    }
    if failed:
        facts["error"] = row.status_reason or "It was not checked."
    if row.checked_at:
        facts["timestamp"] = stamp(row.checked_at)
    return facts | {"update_source": "registry"}


def fits(row: Container, wish: Wish) -> bool:
    """Whether the wish is about this container; as a worker decides it (flow.filters)."""
    names, spelled = (row.name, f"/{row.name}"), image_spellings(row.image)
    if wish.patterns and not any(fits_regex(pattern, names) for pattern in wish.patterns):
        return False
    return not wish.images or any(matches(image, text) for image in wish.images for text in spelled)
