"""Trying the way into a registry with the credentials that a check uses."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from django.db.models import F, Max
from django.utils.translation import gettext as _

from updates.models import Registry, RemoteDigest
from updates.registry.errors import InvalidReference, RegistryError
from updates.registry.probing.findings import CREDENTIALS_STEP
from updates.registry.probing.probe import Finding, Outcome, ProbeStep, probe
from updates.registry.reference import DOCKER_HUB, Reference
from updates.runs.credentials import credentials_of
from updates.runs.token_store import RowTokenStore

# A page waits for it, and whoever looks at the page.
WITHIN_S = 45.0
_OFFERED = 100


def known_references(row: Registry) -> list[str]:
    """Images of the registry that were checked, canonical; the last one that it answered first."""
    rows = RemoteDigest.objects.of_registry(row.domain)
    last = rows.values("reference").annotate(last=Max("answered_at"))
    ordered = last.order_by(F("last").desc(nulls_last=True), "reference")
    return list(ordered.values_list("reference", flat=True)[:_OFFERED])


def reference_of(row: Registry, text: str) -> Reference:
    """An image of the registry, named with or without its domain. Raises InvalidReference."""
    reference = Reference.parse(text)
    if reference.domain == DOCKER_HUB != row.domain:
        reference = Reference.parse(f"{row.domain}/{text}")
    if reference.domain != row.domain:
        raise InvalidReference(f"{reference} is an image of {reference.domain}.")
    return reference


def findings(
    row: Registry, reference: Reference | None, *, within_s: float = WITHIN_S
) -> Iterator[Finding]:
    """What each step found, as it is found; in seconds, what they may take together.

    Before them come the credentials, which some clouds only lend: a step only when they fail.
    """
    begin = time.monotonic()
    try:
        credentials = credentials_of(row, RowTokenStore())
    except RegistryError as error:
        yield Finding(CREDENTIALS_STEP, Outcome.FAILED, str(error), time.monotonic() - begin)
        return
    config = replace(row.config(), credentials=credentials)
    yield from _in_time(probe(config, reference), within_s)


def _in_time(steps: Iterator[Finding], within_s: float) -> Iterator[Finding]:
    """Pass them on until the time is up. The step that was under way then ends unseen, within
    the limits of its own requests."""
    begin = time.monotonic()
    is_open = list(ProbeStep)
    pool = ThreadPoolExecutor(1, thread_name_prefix="probe")
    try:
        while is_open:
            left_s = within_s - (time.monotonic() - begin)
            yield pool.submit(next, steps).result(left_s)
            is_open.pop(0)
    except TimeoutError:
        late, *others = is_open
        said = _("Stopped: the test may take %(seconds)d seconds, and this would not end.")
        yield Finding(late, Outcome.FAILED, said % {"seconds": within_s})
        yield from (Finding(step, Outcome.SKIPPED, _("Not reached.")) for step in others)
    finally:
        pool.shutdown(wait=False)
