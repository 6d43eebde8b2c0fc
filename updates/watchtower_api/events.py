"""GET /v1/events: runs as server-sent events.

A stream holds a thread of the web server, so it has its bounds: a number of seats, a heart-beat
that notices when the other side is gone, and an end after an hour. Clients come back by themselves
and say what they saw last; what they missed is in the rows.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from updates.models.api_token import Scope
from updates.watchtower_api import callers
from updates.watchtower_api.answers import Refused, stamp
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.endpoint import endpoint, header_or_cookie
from updates.watchtower_api.happenings import Feed, Happening
from updates.watchtower_api.seats import LISTENING
from watchweb import stopping

logger = logging.getLogger(__name__)

LONGEST_S = 3600.0
HEART_BEAT_S = 5.0
_PAUSE_S = 1.0
_RETRY_MS = 5000  # Watchtower's.
_LOOK_BACK = timedelta(hours=1)


def identify(request: HttpRequest) -> Caller | None:
    """By header, cookie or address: a browser's EventSource can send no header."""
    if caller := callers.by_events_token(request):
        return caller
    return header_or_cookie(request) or callers.by_address(request)


@endpoint("GET", identify=identify)
def events(request: HttpRequest, _caller: Caller) -> HttpResponseBase:
    _check_origin(request)
    LISTENING.take()
    stream = Stream(Feed(_since(request)), lambda: _may_listen(request))
    answer = StreamingHttpResponse(stream, content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # A proxy that gathers text would hold the events back.
    return answer


class Stream:
    """The text of a stream. Its seat is free again when it is closed, even if nobody read it."""

    def __init__(
        self,
        feed: Feed,
        may_listen: Callable[[], bool],
        longest_s: float = LONGEST_S,
        heart_beat_s: float = HEART_BEAT_S,
    ) -> None:
        self._feed = feed
        self._may_listen = may_listen
        self._end = time.monotonic() + longest_s
        self._heart_beat_s = heart_beat_s
        self._is_closed = False

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            LISTENING.leave()

    def __iter__(self) -> Iterator[str]:
        yield f"retry: {_RETRY_MS}\n\n"
        beat_at = time.monotonic() + self._heart_beat_s
        try:
            while time.monotonic() < self._end and not stopping.is_told():
                yield from map(as_text, self._feed.news())
                if time.monotonic() >= beat_at:
                    if not self._may_listen():
                        return
                    yield ": still here\n\n"
                    beat_at = time.monotonic() + self._heart_beat_s
                time.sleep(_PAUSE_S)
        except DatabaseError as error:
            logger.warning("stream of events ended: %s", error)


def as_text(one: Happening) -> str:
    """An event as it goes over the line; its id is its time, which a client gives back."""
    data = {"type": one.type, "timestamp": stamp(one.at), "data": one.data}
    return f"id: {_micros(one.at)}\nevent: {one.type}\ndata: {json.dumps(data)}\n\n"


def _since(request: HttpRequest) -> datetime:
    """What the client saw last, an hour ago at most; now, if it comes for the first time."""
    now = timezone.now()
    given = request.headers.get("Last-Event-ID", "")
    if not (given.isascii() and given.isdigit()):
        return now
    earliest, latest = _micros(now - _LOOK_BACK), _micros(now)
    seen = min(max(int(given[:20]), earliest), latest)
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=seen)


def _micros(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def _may_listen(request: HttpRequest) -> bool:
    """Whether its token still counts: it may be revoked while a stream goes on."""
    caller = identify(request)
    return caller is not None and caller.allows(Scope.READ)


def _check_origin(request: HttpRequest) -> None:
    """A page of another site may not listen. Raises Refused."""
    origin = request.headers.get("Origin", "")
    if origin and origin != f"{request.scheme}://{request.get_host()}":
        raise Refused(403, "Pages of other sites may not listen to events.")
