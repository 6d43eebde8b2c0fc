"""Many want one row filled, exactly one fills it, in threads and processes alike."""

import time
from collections.abc import Callable
from datetime import timedelta

from updates.models.single_flight import FilledOnce

LEASE = timedelta(seconds=15)
PAUSE_S = 0.05
PATIENCE_S = 60.0


def filled[Row: FilledOnce](
    row: Row, is_filled: Callable[[Row], bool], fill: Callable[[Row], None]
) -> Row:
    """The row as it is once it is filled: by us if we win its lease, else by whoever did.

    `fill` saves what it found. Its exception is ours too, and lets the next one try. A filler that
    died loses its lease after 15 s. Raises TimeoutError after a minute of waiting.
    """
    end = time.monotonic() + PATIENCE_S
    while not is_filled(row):
        if type(row).claim_filling(row.pk, lease=LEASE):
            return _filled_by_us(row, is_filled, fill)
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {PATIENCE_S:.0f} s for another process to fetch {row}.")
        time.sleep(PAUSE_S)
        row.refresh_from_db()
    return row


def _filled_by_us[Row: FilledOnce](
    row: Row, is_filled: Callable[[Row], bool], fill: Callable[[Row], None]
) -> Row:
    """The row with what `fill` found, good or not: a token may be old when it arrives."""
    try:
        row.refresh_from_db()
        if not is_filled(row):
            fill(row)
    finally:
        type(row).release_filling(row.pk)
    row.refresh_from_db()
    return row
