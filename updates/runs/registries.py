"""The fleet's registries: a client a domain, and each reference asked once a run, for all hosts."""

import logging
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from django.db import connection
from django.utils import timezone

from updates.flow.check import Answer
from updates.models import Registry, RemoteDigest, SettledImage
from updates.registry.client import RegistryClient
from updates.registry.errors import NotFound, RegistryError
from updates.registry.messages import Request
from updates.registry.reference import Reference
from updates.runs.single_flight import filled
from updates.runs.token_store import RowTokenStore

logger = logging.getLogger(__name__)
THREADS = 16


@dataclass(slots=True)
class Registries:
    """The flow's `RegistryPort`. An answer counts if it is no older than `since`."""

    since: datetime
    requests: list[Request] = field(default_factory=list)
    _clients: dict[str, RegistryClient] = field(default_factory=dict)

    def resolve(self, references: Collection[Reference]) -> Mapping[Reference, Answer]:
        """Ask for all of them, 16 at a time; what another host asked in this run is taken over."""
        if not references:
            return {}
        for domain in sorted({reference.domain for reference in references}):
            self._client(domain)
        waiting: SimpleQueue[Reference] = SimpleQueue()
        for reference in sorted(references, key=str):
            waiting.put(reference)
        with ThreadPoolExecutor(THREADS, thread_name_prefix="registry") as pool:
            shares = pool.map(self._resolve_waiting, [waiting] * min(THREADS, len(references)))
            answers = {reference: answer for share in shares for reference, answer in share.items()}
        self._remember_hints()
        return answers

    def pull_auth(self, reference: Reference) -> Mapping[str, str] | None:
        """The engine's credentials for a pull (the Engine API's AuthConfig); None: anonymous."""
        row = Registry.objects.filter(domain=reference.domain).exclude(username="").first()
        if row is None:
            return None
        return {"username": row.username, "password": row.password, "serveraddress": row.domain}

    def settled(self) -> set[tuple[str, str]]:
        return set(SettledImage.objects.values_list("digest", "image_id"))

    def settle(self, digest: str, image_id: str) -> None:
        if digest:
            SettledImage.objects.get_or_create(digest=digest, image_id=image_id)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def _client(self, domain: str) -> RegistryClient:
        if domain not in self._clients:
            row, _ = Registry.objects.get_or_create(domain=domain)
            self._clients[domain] = RegistryClient(
                row.config(), tokens=RowTokenStore(), observer=self.requests.append
            )
        return self._clients[domain]

    def _resolve_waiting(self, waiting: SimpleQueue[Reference]) -> dict[Reference, Answer]:
        """A thread's share of the references, over one database connection of its own."""
        answers = {}
        try:
            while True:
                reference = waiting.get_nowait()
                answers[reference] = self._resolve(reference)
        except Empty:
            return answers
        finally:
            connection.close()

    def _resolve(self, reference: Reference) -> Answer:
        row, _ = RemoteDigest.objects.get_or_create(reference=reference.canonical)
        try:
            row = filled(row, self._is_current, lambda row: self._fill(row, reference))
        except TimeoutError as error:
            return Answer(error=str(error))
        return Answer(row.digest, row.error, row.is_missing)

    def _is_current(self, row: RemoteDigest) -> bool:
        return row.checked_at is not None and row.checked_at >= self.since

    def _fill(self, row: RemoteDigest, reference: Reference) -> None:
        now = timezone.now()
        facts: dict[str, object] = {"checked_at": now, "error": "", "is_missing": False}
        try:
            descriptor = self._clients[reference.domain].resolve(reference)
        except RegistryError as error:
            logger.info("check failed reference=%s error=%s", reference, error)
            facts |= {"error": str(error), "is_missing": isinstance(error, NotFound), "digest": ""}
        else:
            facts |= {"digest": descriptor.digest, "answered_at": now}
        RemoteDigest.objects.filter(pk=row.pk).update(**facts)

    def _remember_hints(self) -> None:
        """Keep how each registry wants to be asked, so that the next run asks right at once."""
        for domain, client in self._clients.items():
            realm, service = client.bearer or ("", "")
            Registry.objects.filter(domain=domain).update(
                hint_realm=realm, hint_service=service, hint_basic=client.is_basic
            )
