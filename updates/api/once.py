"""Starting a run at most once, however often a caller asks: the header Idempotency-Key."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from updates.api.caller import ApiRequest
from updates.api.problems import Problem, wrong
from updates.models import IdempotencyKey, UpdateRun
from updates.models.idempotency import KEPT

HEADER = "Idempotency-Key"
_MAX_CHARACTERS = 255


def once(request: ApiRequest, asked: Any, start: Callable[[], UpdateRun]) -> UpdateRun:
    """The run that `start` makes, or the one it made for the same key within 24 hours.

    `asked` is what the body said. The key's row is written first, in the transaction that makes
    the run: a second request waits at it, and finds the run. A start that fails leaves no key.
    Raises Problem 422 when the key came with another body, and whatever `start` raises.
    """
    if HEADER not in request.headers:
        return start()
    key = _read(request.headers[HEADER])
    owner = request.caller.user
    fingerprint = _fingerprint(request, asked)
    try:
        with transaction.atomic():
            row = _claim(owner, key, fingerprint)
            row.run = start()
            row.save(update_fields=["run"])
            return row.run
    except IntegrityError:
        return _earlier(owner, key, fingerprint)


def _claim(owner: User, key: str, fingerprint: str) -> IdempotencyKey:
    """Raises IntegrityError while the key is kept."""
    mine = IdempotencyKey.objects.filter(owner=owner, key=key)
    mine.filter(created_at__lte=timezone.now() - KEPT).delete()
    return IdempotencyKey.objects.create(owner=owner, key=key, fingerprint=fingerprint)


def _earlier(owner: User, key: str, fingerprint: str) -> UpdateRun:
    rows = IdempotencyKey.objects.select_related("run")
    row = rows.filter(owner=owner, key=key).first()
    if row is None or row.run is None:
        raise Problem(409, "The request with this key failed at the same moment: send it again.")
    if row.fingerprint != fingerprint:
        raise wrong(HEADER, "This key was used for another request: choose a new one.")
    return row.run


def _read(value: str) -> str:
    if not value.isascii() or not value.isprintable() or not 1 <= len(value) <= _MAX_CHARACTERS:
        raise wrong(HEADER, f"Give 1 to {_MAX_CHARACTERS} printable ASCII characters.")
    return value


def _fingerprint(request: ApiRequest, asked: Any) -> str:
    document = json.dumps([request.path, asked], sort_keys=True)
    return sha256(document.encode()).hexdigest()
