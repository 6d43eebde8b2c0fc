"""All the steps of a run's first minute, each with what it found."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.errors import EngineError
from updates.engine.probing import reach
from updates.engine.probing.findings import Finding, Outcome, Step
from updates.language import gettext as _
from updates.language import ngettext


def probe(endpoint: Endpoint, *, timeout_s: float) -> Iterator[Finding]:
    """What each step found, as it is found; after a failure the others are skipped.

    `timeout_s` bounds each wait for an answer. Nothing is changed on the engine.
    """
    with Engine(endpoint, timeout_s=timeout_s) as engine:
        works: dict[Step, Callable[[], Finding]] = {
            Step.REACH: lambda: _reach(endpoint, timeout_s),
            Step.TLS: lambda: reach.protection(endpoint, timeout_s),
            Step.VERSION: lambda: _version(engine),
            Step.CONTAINERS: lambda: _containers(engine),
        }
        is_well = True
        for step, work in works.items():
            found = _timed(step, work) if is_well else _not_reached(step)
            is_well = is_well and found.outcome is not Outcome.FAILED
            yield found


def _not_reached(step: Step) -> Finding:
    return Finding(step, Outcome.SKIPPED, _("Not reached."))


def _timed(step: Step, work: Callable[[], Finding]) -> Finding:
    begin = time.monotonic()
    try:
        found = work()
    except EngineError as error:
        found = Finding(step, Outcome.FAILED, str(error))
    return replace(found, seconds=time.monotonic() - begin)


def _reach(endpoint: Endpoint, timeout_s: float) -> Finding:
    return Finding(Step.REACH, Outcome.OK, reach.connect(endpoint, timeout_s))


def _version(engine: Engine) -> Finding:
    info = engine.open()
    product = "Podman" if info.is_podman else "Docker"
    versions = {"least": info.min_api_version, "most": info.server_api_version}
    offered = ("API", _("%(least)s to %(most)s") % versions)
    said = _("%(product)s %(version)s; API %(api)s is spoken.")
    return Finding(
        Step.VERSION,
        Outcome.OK,
        said % {"product": product, "version": info.version, "api": info.api_version},
        details=(offered, (_("Platform"), info.platform or _("it does not say"))),
        info=info,
        latency_s=engine.latency_s,
    )


def _containers(engine: Engine) -> Finding:
    """May the containers be listed? A proxy before the engine may forbid it."""
    states = Counter(one.state for one in engine.containers())
    total = states.total()
    if not total:
        return Finding(Step.CONTAINERS, Outcome.OK, _("No containers yet."))
    said = ngettext(
        "%(total)d container, %(running)d of them running.",
        "%(total)d containers, %(running)d of them running.",
        total,
    )
    counted = said % {"total": total, "running": states["running"]}
    return Finding(Step.CONTAINERS, Outcome.OK, counted)
