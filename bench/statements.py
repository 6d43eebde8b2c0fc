"""Counts what a run says to the database, in every thread."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import current_thread
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

_host: ContextVar[str] = ContextVar("host", default="")


class Statements:
    """By the host whose run's own thread said them, and by name of the other threads.

    BEGIN and SAVEPOINT count where they are sent as statements, as SQLite's are.
    """

    def __init__(self) -> None:
        self.by_host: Counter[str] = Counter()
        self.by_thread: Counter[str] = Counter()
        connection_created.connect(self._adopt, weak=False)

    def reset(self) -> None:
        self.by_host.clear()
        self.by_thread.clear()

    def _adopt(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        """Each thread has a connection of its own, which may be opened several times."""
        if self._count not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._count)

    def _count(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        number = len(params) if many else 1
        if host := _host.get():
            self.by_host[host] += number
        else:
            self.by_thread[current_thread().name.partition("_")[0]] += number
        return execute(sql, params, many, context)


@contextmanager
def counted_for(host: str) -> Iterator[None]:
    """What this thread says in the block is this host's."""
    token = _host.set(host)
    try:
        yield
    finally:
        _host.reset(token)
