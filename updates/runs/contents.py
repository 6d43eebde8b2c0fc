"""What is in the image that a container has and in the one it would get: asked of the registry
when a person wants to know, and kept by digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from updates.engine.container import EngineInfo
from updates.flow.masking import masked
from updates.models import Container, Host, ImageConfig
from updates.registry.contents import ImageContents
from updates.registry.errors import RegistryError
from updates.registry.platforms import Platform
from updates.registry.reference import DOCKER_HUB, Reference
from updates.runs.access import Access
from updates.runs.clients import Clients
from updates.runs.standing import reference_of
from updates.runs.token_store import RowTokenStore


@dataclass(frozen=True, slots=True)
class Pair:
    """The image that it has, and the one that the registry has for it; None: not read yet.

    `errors`: a sentence for each digest that could not be read.
    """

    old: ImageContents | None
    new: ImageContents | None
    errors: Mapping[str, str] = field(default_factory=dict)


def known_pair(row: Container, errors: Mapping[str, str] | None = None) -> Pair:
    """What the record has of the two; one query."""
    digests = (row.local_digest, row.remote_digest)
    known = ImageConfig.objects.known(digests, platform_of(row.host))
    return Pair(known.get(row.local_digest), known.get(row.remote_digest), errors or {})


def read_pair(row: Container) -> Pair:
    """Ask the registry for what the record lacks of the two; a handful of requests."""
    platform, reference = platform_of(row.host), reference_of(row)
    digests = {row.local_digest, row.remote_digest} - {""}
    lacking = digests - ImageConfig.objects.known(digests, platform).keys()
    errors: dict[str, str] = {}
    if reference is None or not lacking:
        return known_pair(row)
    clients = Clients(RowTokenStore(), lambda _: None)
    try:
        ways = _ways(clients, row.host, reference)
        for digest in sorted(lacking):
            try:
                _keep(digest, platform, _read(ways, reference, digest, platform))
            except RegistryError as error:
                errors[digest] = str(error)
    finally:
        clients.remember()
        clients.close()
        clients.count()
    return known_pair(row, errors)


def platform_of(host: Host) -> str:
    """What its engine runs, as it said last; "" when it never did."""
    return EngineInfo.from_dict(host.engine_info).platform


def _ways(clients: Clients, host: Host, reference: Reference) -> list[Access]:
    """Mirrors first, as a pull does."""
    mirrors = host.mirrors if reference.domain == DOCKER_HUB else []
    return [*map(clients.of_mirror, mirrors), clients.of(reference.domain)]


def _read(ways: list[Access], reference: Reference, digest: str, platform: str) -> ImageContents:
    """What the first that answers says; else the last one's error."""
    pinned = replace(reference, tag=None, digest=digest)
    for access in ways[:-1]:
        try:
            return _ask(access, pinned, platform)
        except RegistryError:
            continue
    return _ask(ways[-1], pinned, platform)


def _ask(access: Access, pinned: Reference, platform: str) -> ImageContents:
    try:
        found = access.client.contents(pinned, Platform.parse(platform) if platform else None)
    except RegistryError as error:
        access.note(error)
        raise
    access.note(None)
    return found


def _keep(digest: str, platform: str, found: ImageContents) -> None:
    listed = found.config.get("Env")
    environment = [str(one) for one in listed] if isinstance(listed, list) else []
    kept = replace(found, config=masked(dict(found.config), environment))
    ImageConfig.objects.get_or_create(
        digest=digest, platform=platform, defaults={"contents": kept.to_json()}
    )
