"""The one way to write a deed down."""

from collections.abc import Sequence

from updates.audit.actor import actor
from updates.models import AuditEntry
from updates.models.audit import Deed

type Change = tuple[str, str, str]
MAX_SUBJECT = 300


def record(
    deed: Deed,
    subject: str = "",
    *,
    changes: Sequence[Change] = (),
    link: str = "",
    username: str = "",
) -> None:
    """Write down what whoever acts just now does; nothing if nobody acts: it is a worker's doing.

    `subject` and `changes`, (what, old, new) each, hold no secret. `username`: who it is, if that
    is not whom the request comes from.
    """
    who = actor()
    if who is None:
        return
    AuditEntry.objects.create(
        username=(username or who.username)[:150],
        origin=who.origin,
        token=who.token,
        address=who.address,
        deed=deed,
        subject=subject[:MAX_SUBJECT],
        changes=[list(change) for change in changes],
        link=link,
    )
