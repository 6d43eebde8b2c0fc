"""Many want one row filled, exactly one fills it, in threads and processes alike."""

import time
from collections.abc import Callable
from functools import partial

from updates.models.single_flight import FilledOnce
from updates.runs.desk import Doing, at_once
from updates.runs.keeper import KEEPER, LEASE

PAUSE_S = 0.05
LONGEST_PAUSE_S = 0.4
PATIENCE_S = 60.0


def filled[Row: FilledOnce](
    row: Row,
    is_filled: Callable[[Row], bool],
    fill: Callable[[Row], None],
    *,
    me: str,
    is_ours: bool = False,
    desk: Doing = at_once,
) -> Row:
    """The row as it is once it is filled: by us if we win its lease, else by whoever did.

    `me` names this filler; `is_ours` that it holds the lease already, since it made the row.
    `fill` saves what it found, good or not (a token may be old when it arrives), and gives the
    lease back with it. Its exception is ours too, and lets the next one try. A filler that died
    loses its lease in seconds. Raises TimeoutError after a minute of waiting.
    """
    claim = partial(type(row).claim_filling, row.pk, by=me, lease=LEASE)
    release = partial(type(row).release_filling, row.pk, by=me)
    end, pause_s = time.monotonic() + PATIENCE_S, PAUSE_S
    while not is_ours:
        if is_filled(row):
            return row
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {PATIENCE_S:.0f} s for another process to fetch {row}.")
        is_ours = desk(claim)
        if not is_ours:
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        desk(row.refresh_from_db)
    try:
        if is_filled(row):
            desk(release)
        else:
            with KEEPER.keeping(row, by=me):
                fill(row)
    except BaseException:
        desk(release)
        raise
    return row
