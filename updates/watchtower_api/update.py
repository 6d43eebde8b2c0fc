"""POST /v1/update: an update of everything, or of what is named; waited for, or not."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse

from updates.flow.session import Kind
from updates.models import UpdateRun
from updates.models.api_token import Scope
from updates.watchtower_api import callers, given
from updates.watchtower_api.answers import Refused, document
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.counts import counts_of
from updates.watchtower_api.durations import words_of
from updates.watchtower_api.endpoint import endpoint
from updates.watchtower_api.seats import WAITING
from updates.watchtower_api.starting import Wish, start
from updates.watchtower_api.waiting import Over, wait

LONGEST_S = 600.0


# Watchtower's first version took any method, and its scripts send GET. With a header that no
# other site can make a browser send, that is as safe as POST.
@endpoint("GET", "POST", scope=Scope.UPDATE, identify=callers.by_header)
def update(request: HttpRequest, caller: Caller) -> HttpResponse:
    wish = Wish.of(request.GET)
    if request.GET.get("async") == "true":
        return _accepted(start(wish, Kind.UPDATE, caller))
    timeout_s = given.timeout_s(request.GET, LONGEST_S)
    with WAITING.taken():
        return _summary(wait(start(wish, Kind.UPDATE, caller).pk, timeout_s))


def refuse_undone(over: Over) -> None:
    """Raises Refused (500) if it was carried out on no host, with the reasons."""
    if not over.was_done:
        reasons = " ".join(f"{host}: {error}" for host, error in over.errors)
        raise Refused(500, reasons or f"Run {over.run.pk} was not carried out.")


def _accepted(run: UpdateRun) -> HttpResponse:
    answer = HttpResponse("Accepted", status=202, content_type="text/plain; charset=utf-8")
    answer["Location"] = run.get_absolute_url()
    return answer


def _summary(over: Over) -> HttpResponse:
    refuse_undone(over)
    run = over.run
    spent = (run.finished_at - run.created_at) if run.finished_at else None
    milliseconds = round(spent.total_seconds() * 1000) if spent else 0
    return document(
        summary=asdict(counts_of([run.pk])[run.pk]),
        timing={"duration_ms": milliseconds, "duration": words_of(milliseconds)},
        run=run.pk,
        errors=[{"host": host, "error": error} for host, error in over.errors],
    )
