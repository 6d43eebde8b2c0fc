"""The fleet's registries as the flow sees them: each reference asked once a window, for all."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from updates.flow.check import Answer
from updates.flow.platform import fits_platform, not_available
from updates.models import ImagePlatforms, RemoteDigest, SettledImage
from updates.registry.errors import RegistryError
from updates.registry.messages import Request
from updates.registry.reference import DOCKER_HUB, Reference
from updates.runs.access import Access
from updates.runs.answer_book import AnswerBook, Key
from updates.runs.clients import Clients
from updates.runs.credentials import credentials_of
from updates.runs.inquiry import Inquiry, Question
from updates.runs.token_store import RowTokenStore

_PAUSE_S = 0.1
_PATIENCE_S = 120.0


@dataclass(slots=True)
class Registries:
    """The flow's `RegistryPort`. An answer counts if it is no older than `since`.

    `mirrors` are the engine's, for Docker Hub alone: they are asked before it, as a pull does.
    """

    since: datetime
    mirrors: Collection[str] = ()
    requests: list[Request] = field(default_factory=list)
    _tokens: RowTokenStore = field(default_factory=RowTokenStore)
    _rows: dict[Reference, RemoteDigest] = field(default_factory=dict)
    _clients: Clients = field(init=False)

    def __post_init__(self) -> None:
        self._clients = Clients(self._tokens, self.requests.append)

    def resolve(self, references: Collection[Reference]) -> Mapping[Reference, Answer]:
        """The answers to all of them: what the fleet knows already, and what is asked now."""
        keys = {self._key(reference): reference for reference in references}
        book = AnswerBook(self.since)
        found = book.current(keys)
        deadline = time.monotonic() + _PATIENCE_S
        while (open_keys := keys.keys() - found.keys()) and time.monotonic() < deadline:
            taken = book.take(open_keys)
            self._ask(book, {keys[key]: row for key, row in taken.items()})
            found |= taken
            if others := open_keys - taken.keys():
                found |= book.current(others)
                time.sleep(0 if taken or found.keys() >= others else _PAUSE_S)
        self._rows |= {keys[key]: row for key, row in found.items()}
        platforms = _platforms({row.digest for row in found.values()})
        late = Answer(error="Another worker has been asking for two minutes; try again later.")
        return {
            reference: _answer(found[key], platforms) if key in found else late
            for key, reference in keys.items()
        }

    def times(self, reference: Reference) -> tuple[datetime | None, datetime | None]:
        """(when it was last asked for, when the last good answer came)."""
        row = self._rows.get(reference)
        return (row.checked_at, row.answered_at) if row else (None, None)

    def unavailable(self, reference: Reference, digest: str, platform: str) -> str:
        """Why the digest cannot be had for the platform; "" when it can, or nobody knows.

        A registry that asked for peace is not pulled from either.
        """
        if not digest:
            return ""
        offered: Collection[str] | None = _platforms({digest}).get(digest)
        if offered is None:
            offered = self._read_platforms(reference, digest)
        if why := self._clients.of(reference.domain).why_paused():
            return f"{why} Nothing is pulled."
        if not offered or fits_platform(platform, offered):
            return ""
        return not_available(reference, platform)

    def pull_auth(self, reference: Reference) -> Mapping[str, str] | None:
        """The engine's credentials for a pull (the Engine API's AuthConfig); None: anonymous."""
        access = self._clients.of(reference.domain)
        try:
            credentials = credentials_of(access.row, self._tokens)
        except RegistryError:
            return None  # The pull says in its own words what it lacks.
        if credentials is None:
            return None
        login = {"username": credentials.username, "password": credentials.password}
        if credentials.identity_token:
            login = {"identitytoken": credentials.identity_token}
        return login | {"serveraddress": reference.domain}

    def settled(self) -> set[tuple[str, str]]:
        digests = {row.digest for row in self._rows.values()}
        rows = SettledImage.objects.filter(digest__in=digests)
        return set(rows.values_list("digest", "image_id"))

    def settle(self, digest: str, image_id: str) -> None:
        if digest:
            SettledImage.objects.get_or_create(digest=digest, image_id=image_id)

    def close(self) -> None:
        """Close all connections, and add what was asked to the tallies."""
        self._clients.close()
        self._clients.count()

    def _ask(self, book: AnswerBook, rows: Mapping[Reference, RemoteDigest]) -> None:
        if not rows:
            return
        self._clients.load({reference.domain for reference in rows})
        questions = [Question(row, one, self._chain(one)) for one, row in rows.items()]
        try:
            Inquiry(book, self._clients).run(questions)
        finally:
            self._clients.remember()

    def _chain(self, reference: Reference) -> tuple[Access, ...]:
        mirrors = self.mirrors if reference.domain == DOCKER_HUB else ()
        return (*map(self._clients.of_mirror, mirrors), self._clients.of(reference.domain))

    def _key(self, reference: Reference) -> Key:
        is_mirrored = reference.domain == DOCKER_HUB and self.mirrors
        return reference.canonical, next(iter(self.mirrors)) if is_mirrored else ""

    def _read_platforms(self, reference: Reference, digest: str) -> Collection[str]:
        """Ask the registry, once for ever: a digest's content does not change."""
        pinned = replace(reference, tag=None, digest=digest)
        access = self._chain(reference)[0]
        try:
            platforms = access.client.platforms(pinned)
        except RegistryError as error:
            access.note(error)
            self._clients.remember()
            return ()
        if platforms is None:
            return ()
        names = sorted(str(platform) for platform in platforms)
        ImagePlatforms.objects.get_or_create(digest=digest, defaults={"platforms": names})
        return names


def _platforms(digests: Collection[str]) -> dict[str, list[str]]:
    rows = ImagePlatforms.objects.filter(digest__in=set(digests) - {""})
    return dict(rows.values_list("digest", "platforms"))


def _answer(row: RemoteDigest, platforms: Mapping[str, Collection[str]]) -> Answer:
    if row.error:
        return Answer(error=row.error, is_missing=row.is_missing)
    return Answer(row.digest, platforms=platforms.get(row.digest))
