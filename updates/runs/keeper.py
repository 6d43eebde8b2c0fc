"""Leases of rows that this process is filling: one thread renews them all."""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import Error, connection

from updates.models.single_flight import FilledOnce

logger = logging.getLogger(__name__)

# A filler that dies keeps the others waiting for this long.
LEASE = timedelta(seconds=4)
_PERIOD_S = LEASE.total_seconds() / 3
type _Model = type[FilledOnce]


class Keeper:
    """Renews what is being filled until it is; its thread lives as long as there is anything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: set[tuple[_Model, int, str]] = set()
        self._is_at_work = False

    @contextmanager
    def keeping(self, row: FilledOnce, *, by: str) -> Iterator[None]:
        """Keep the row's lease while the block runs."""
        entry = (type(row), row.pk, by)
        with self._lock:
            self._kept.add(entry)
            if not self._is_at_work:
                self._is_at_work = True
                threading.Thread(target=self._work, name="keeper", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._kept.discard(entry)

    def _work(self) -> None:
        pause = threading.Event()
        try:
            while not pause.wait(_PERIOD_S):
                # Under the lock, so that nothing is renewed once its block has ended.
                with self._lock:
                    if not self._kept:
                        self._is_at_work = False
                        return
                    _renew(self._kept)
        except BaseException:
            with self._lock:
                self._is_at_work = False  # The next one that keeps a row starts another.
            raise
        finally:
            connection.close()


def _renew(kept: set[tuple[_Model, int, str]]) -> None:
    grouped = defaultdict[tuple[_Model, str], list[int]](list)
    for model, pk, by in kept:
        grouped[model, by].append(pk)
    try:
        for (model, by), pks in grouped.items():
            model.renew_filling(pks, by=by, lease=LEASE)
    except Error as error:
        logger.warning("leases not renewed error=%s", error)
        connection.close()  # It may be dead; the next time begins with another one.


KEEPER = Keeper()
