"""What went wrong, as a document for programs: RFC 9457, application/problem+json.

Problem           one answer: status, sentence, what each field lacks
  not_found       404, and so on: a function for each that is raised in several places
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"
_TYPE = "urn:watchweb:problem:"
# The part of `type` after the prefix: callers compare it, so it never changes.
NAMES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    500: "internal",
}


class Problem(Exception):
    """One answer. `errors` are {"field", "message"}; `detail` is for whoever called."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers

    def response(self) -> JsonResponse:
        document: dict[str, Any] = {
            "type": _TYPE + NAMES[self.status],
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = list(self.errors)
        return JsonResponse(
            document,
            status=self.status,
            content_type=CONTENT_TYPE,
            headers=self.headers,
            json_dumps_params={"ensure_ascii": False},
        )


def not_found(what: str) -> Problem:
    return Problem(404, f"There is no {what}.")


def invalid(errors: Sequence[Mapping[str, str]]) -> Problem:
    """422; its sentence names the fields."""
    said = " ".join(
        f"{one['field']}: {one['message']}" if one["field"] else one["message"] for one in errors
    )
    return Problem(422, said, errors=errors)


def wrong(field: str, message: str) -> Problem:
    """422 about one field."""
    return invalid([{"field": field, "message": message}])
