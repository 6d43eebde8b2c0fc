"""The proof that a new container works: healthy when it has a healthcheck, else still running; and
then, where one is set, a probe from outside that it answers."""

from collections.abc import Callable, Mapping
from typing import Any

from updates.engine.errors import NoSuchObject
from updates.flow.ports import Clock, EnginePort, Prober
from updates.flow.settings import Settings

Watching = Callable[[str, float], None]
_NANO = 1_000_000_000
_DEFAULT_INTERVAL_S = 30.0
_LONGEST_S = 1800.0
_PAUSE_S = 0.5
_PROBE_S = 5.0


def unwatched(message: str, limit_s: float) -> None:
    """Where nobody wants to know."""


def trouble_with(
    engine: EnginePort,
    container_id: str,
    settings: Settings,
    *,
    prober: Prober,
    clock: Clock,
    may_end: bool = False,
    watching: Watching = unwatched,
) -> str:
    """Watch a started container as its settings say, then probe it if they name a probe; "" when
    it works, else the sentence that says why not. `watching` is told what is looked at, and for how
    long at most. Raises EngineError."""
    may_end = may_end or settings.gate_passes_exit
    trouble = pass_gate(
        engine,
        container_id,
        seconds=settings.gate_seconds,
        clock=clock,
        may_end=may_end,
        watching=watching,
    )
    if trouble or not settings.gate_probe:
        return trouble
    watching(f"Asking it at {settings.gate_probe} whether it works", settings.gate_timeout)
    return pass_probe(
        engine,
        container_id,
        settings.gate_probe,
        prober=prober,
        timeout_s=settings.gate_timeout,
        clock=clock,
    )


def pass_gate(
    engine: EnginePort,
    container_id: str,
    *,
    seconds: float,
    clock: Clock,
    may_end: bool = False,
    watching: Watching = unwatched,
) -> str:
    """Watch a started container; "" when it passed, else the sentence that says why not.

    With a healthcheck: healthy within the time the check itself may take. Without: running for
    `seconds`. Never restarted in either case: a new container counts from 0. `may_end`: a job that
    is allowed to end may have done its work by then. Raises EngineError.
    """
    document = _inspect(engine, container_id)
    check = (document.get("Config") or {}).get("Healthcheck") or {}
    has_check = bool(check.get("Test")) and check["Test"][0] != "NONE"
    limit = health_limit_s(check) if has_check else seconds
    watching("Watching whether the new container works", limit)
    end = clock.monotonic() + limit
    while True:
        if may_end and _has_succeeded(document):
            return ""
        trouble = _trouble(document)
        if trouble or (has_check and _health(document) == "healthy"):
            return trouble
        left = end - clock.monotonic()
        if left <= 0:
            return f"It did not become healthy within {limit:.0f} s." if has_check else ""
        clock.sleep(min(_PAUSE_S, left))
        document = _inspect(engine, container_id)


def pass_probe(
    engine: EnginePort,
    container_id: str,
    address: str,
    *,
    prober: Prober,
    timeout_s: float,
    clock: Clock,
) -> str:
    """Ask the container from outside until it answers; "" when it does, else why not.

    `{ip}` in the address is the container's own on its first network. A container that stopped is
    not asked any more. Raises EngineError.
    """
    end = clock.monotonic() + timeout_s
    while True:
        document = _inspect(engine, container_id)
        if trouble := _trouble(document):
            return trouble
        why = prober(address.replace("{ip}", _address(document)), min(_PROBE_S, timeout_s or 1.0))
        left = end - clock.monotonic()
        if not why or left <= 0:
            return f"The probe of {address} failed for {timeout_s:.0f} s: {why}" if why else ""
        clock.sleep(min(_PAUSE_S, left))


def health_limit_s(check: Mapping[str, Any]) -> float:
    """The longest a healthcheck may take to say healthy or unhealthy.

    Source: Engine API HealthConfig; durations in nanoseconds, 0 or missing means the default.
    """
    interval = (check.get("Interval") or 0) / _NANO or _DEFAULT_INTERVAL_S
    timeout = (check.get("Timeout") or 0) / _NANO or _DEFAULT_INTERVAL_S
    tries = (check.get("Retries") or 3) + 1
    start = (check.get("StartPeriod") or 0) / _NANO
    return min(start + tries * (interval + timeout), _LONGEST_S)


def _inspect(engine: EnginePort, container_id: str) -> Mapping[str, Any]:
    """Its inspect document; a --rm container that has stopped may be gone: then an empty one."""
    try:
        return engine.inspect_container(container_id)
    except NoSuchObject:
        return {}


def _address(document: Mapping[str, Any]) -> str:
    networks = (document.get("NetworkSettings") or {}).get("Networks") or {}
    found = (str((one or {}).get("IPAddress") or "") for one in networks.values())
    return next(filter(None, found), "127.0.0.1")


def _trouble(document: Mapping[str, Any]) -> str:
    state = document.get("State") or {}
    if document.get("RestartCount", 0) > 0 or state.get("Restarting"):
        return "It keeps restarting."
    if not document:
        return "It stopped and was removed, as --rm asks."
    if not state.get("Running"):
        return f"It stopped with exit code {state.get('ExitCode', '?')}."
    return "Its healthcheck says unhealthy." if _health(document) == "unhealthy" else ""


def _has_succeeded(document: Mapping[str, Any]) -> bool:
    state = document.get("State") or {}
    return state.get("Status") == "exited" and state.get("ExitCode") == 0


def _health(document: Mapping[str, Any]) -> str:
    health = (document.get("State") or {}).get("Health") or {}
    return str(health.get("Status", ""))
