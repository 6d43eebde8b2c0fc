"""ETags: what a caller has got already is not sent again."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer with an ETag, or 304. An operation that gave it one has its own."""
    if answer.status_code != 200:
        return answer
    if "ETag" not in answer.headers:
        answer.headers["ETag"] = f'"{sha256(answer.content).hexdigest()[:32]}"'
    known = get_conditional_response(request, etag=answer.headers["ETag"], response=answer)
    return answer if known is None else known


def if_known(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 when the caller has what this ETag stands for; None: make the answer."""
    return get_conditional_response(request, etag=etag)
