"""The documents that are answered: JSON with version and time, and refusals of one form."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import JsonResponse
from django.utils import timezone

API_VERSION = "v1"
_JSON = "application/json; charset=utf-8"


class Refused(Exception):
    """The request ends here. The message is a sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        """`headers`: names with _ for -."""
        super().__init__(sentence)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def document(**parts: Any) -> JsonResponse:
    """The parts, with when and by which version of the API they are told."""
    return _unkept(JsonResponse(_signed(parts), content_type=_JSON))


def refusal(refused: Refused) -> JsonResponse:
    """The one form of an error: `{"error", "api_version", "timestamp"}`."""
    facts = _signed({"error": str(refused)})
    answer = JsonResponse(facts, status=refused.status, content_type=_JSON)
    for name, value in refused.headers.items():
        answer[name] = value
    return _unkept(answer)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _unkept(answer: JsonResponse) -> JsonResponse:
    """What is for the holder of a token is kept by no proxy on the way."""
    answer["Cache-Control"] = "no-store"
    return answer


def _signed(parts: Mapping[str, Any]) -> dict[str, Any]:
    # What a part says of its own time (that of the last scan) is not overwritten.
    return {"timestamp": stamp(timezone.now()), "api_version": API_VERSION} | dict(parts)
