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

NOT_REACHED = "Not reached."


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
            found = _timed(step, work) if is_well else Finding(step, Outcome.SKIPPED, NOT_REACHED)
            is_well = is_well and found.outcome is not Outcome.FAILED
            yield found


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
    offered = ("API", f"{info.min_api_version} to {info.server_api_version}")
    return Finding(
        Step.VERSION,
        Outcome.OK,
        f"{product} {info.version}; API {info.api_version} is spoken.",
        details=(offered, ("Platform", info.platform or "it does not say")),
        info=info,
        latency_s=engine.latency_s,
    )


def _containers(engine: Engine) -> Finding:
    """May the containers be listed? A proxy before the engine may forbid it."""
    states = Counter(one.state for one in engine.containers())
    total = states.total()
    counted = f"{total} container{'' if total == 1 else 's'}, {states['running']} of them running."
    return Finding(Step.CONTAINERS, Outcome.OK, counted if total else "No containers yet.")
