"""Many questions at once: each registry by threads of its own, so that none waits for another."""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from queue import Empty, SimpleQueue

from django.conf import settings
from django.utils import timezone

from updates.models import RemoteDigest
from updates.registry.errors import NotFound, RateLimited, RegistryError
from updates.registry.manifest import Descriptor
from updates.registry.reference import Reference
from updates.runs.access import Access
from updates.runs.answer_book import AnswerBook
from updates.runs.clients import Clients
from updates.runs.desk import Desk, at_once
from updates.runs.guard import guarded

logger = logging.getLogger(__name__)
# As many connections as a registry is ever given.
THREADS = 32
_SAVE_EVERY_S = 0.5
_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """A claimed row, what it is about, and whom to ask: mirrors first, the registry last."""

    row: RemoteDigest
    reference: Reference
    chain: tuple[Access, ...]


class Inquiry:
    """Asks, and writes the answers down as they come; meanwhile it keeps the rows' leases."""

    def __init__(self, book: AnswerBook, clients: Clients) -> None:
        self.book = book
        self.clients = clients
        self._desk = Desk()
        self._batch: list[RemoteDigest] = []

    def run(self, questions: Collection[Question]) -> None:
        """Return when every row has its answer, and is saved."""
        groups = defaultdict[str, list[Question]](list)
        for question in questions:
            groups[question.chain[0].row.domain].append(question)
        with ExitStack() as stack, self._at_desk():
            threads = [
                thread for domain in sorted(groups) for thread in self._start(groups[domain], stack)
            ]
            self._write(questions, threads)
        for thread in threads:
            thread.result()

    def _start(self, questions: list[Question], stack: ExitStack) -> list[Future[None]]:
        waiting: SimpleQueue[Question] = SimpleQueue()
        for question in questions:
            waiting.put(question)
        number = min(THREADS, len(questions))
        pool = stack.enter_context(ThreadPoolExecutor(number, thread_name_prefix="registry"))
        return [pool.submit(self._work, waiting) for _ in range(number)]

    def _work(self, waiting: SimpleQueue[Question]) -> None:
        """A thread's share of the questions; what it needs of the database is done at the desk."""
        try:
            while self._desk.is_open:
                question = waiting.get_nowait()
                row = guarded(partial(self._answer, question), partial(_faulty, question.row))
                self._desk.leave(partial(self._take, row))
        except Empty:
            return

    @contextmanager
    def _at_desk(self) -> Iterator[None]:
        """Do the token store's database work in this thread while the others ask."""
        tokens = self.clients.tokens
        tokens.desk = self._desk.do
        try:
            yield
        finally:
            tokens.desk = at_once
            self._desk.close()

    def _write(self, questions: Collection[Question], threads: list[Future[None]]) -> None:
        """Save in batches until all threads have ended."""
        open_rows = {question.row.pk: question.row for question in questions}
        saved_at = time.monotonic()
        while open_rows:
            is_over = all(thread.done() for thread in threads)
            if is_over:
                self._desk.finish()
            else:
                self._desk.serve(within_s=_SAVE_EVERY_S)
            is_late = time.monotonic() - saved_at > _PAUSE_S
            if len(self._batch) == len(open_rows) or is_late or is_over:
                for row in self._save_batch():
                    del open_rows[row.pk]
                saved_at = time.monotonic()
                self.book.keep(open_rows.values())
                self.clients.share_pauses()
            if is_over:
                return  # What is still open was left by a fault; its lease runs out.

    def _take(self, row: RemoteDigest) -> None:
        self._batch.append(row)

    def _save_batch(self) -> list[RemoteDigest]:
        batch, self._batch = self._batch, []
        self.book.save(batch)
        return batch

    def _answer(self, question: Question) -> RemoteDigest:
        row, wait_s = question.row, None
        try:
            descriptor = self._ask(question)
        except RegistryError as error:
            logger.info("check failed reference=%s error=%s", question.reference, error)
            wait_s = error.retry_after_s if isinstance(error, RateLimited) else None
            row.error, row.error_kind = str(error), type(error).__name__
            row.is_missing = isinstance(error, NotFound)
        else:
            row.error, row.error_kind, row.is_missing = "", "", False
            row.digest, row.media_type = descriptor.digest, descriptor.media_type
            row.size, row.etag = descriptor.size, descriptor.etag
        return _dated(row, wait_s)

    def _ask(self, question: Question) -> Descriptor:
        """What the first of the chain that answers says; else the last one's error."""
        for access in question.chain[:-1]:
            try:
                return self._ask_one(access, question)
            except RegistryError as error:
                logger.info("mirror passed over mirror=%s error=%s", access.row, error)
        return self._ask_one(question.chain[-1], question)

    def _ask_one(self, access: Access, question: Question) -> Descriptor:
        while True:
            try:
                descriptor = access.client.resolve(question.reference, _known(question.row))
            except RateLimited as error:
                wait_s = error.retry_after_s
                if wait_s is None or not access.has_patience(time.monotonic() + wait_s):
                    access.note(error)
                    raise
                time.sleep(wait_s)
            except RegistryError as error:
                access.note(error)
                raise
            else:
                access.note(None)
                return descriptor


def _known(row: RemoteDigest) -> Descriptor | None:
    """The last good answer, to be confirmed by its ETag; None without one."""
    if not row.etag:
        return None
    return Descriptor(row.media_type, row.digest, row.size, row.etag)


def _faulty(row: RemoteDigest, sentence: str) -> RemoteDigest:
    row.error, row.error_kind, row.is_missing = sentence, "Fault", False
    return _dated(row)


def _dated(row: RemoteDigest, wait_s: float | None = None) -> RemoteDigest:
    """The row with the time of its answer, and when the next one is due: not before a 429 says."""
    now = timezone.now()
    row.checked_at = now
    row.answered_at = row.answered_at if row.error else now
    row.due_at = now + timedelta(seconds=max(settings.WATCHWEB_CHECK_WINDOW, wait_s or 0))
    return row
