"""What a test of an engine's address found at each of its steps."""

from dataclasses import dataclass
from enum import StrEnum

from updates.engine.container import EngineInfo
from updates.language import gettext_noop

type Details = tuple[tuple[str, str], ...]


class Step(StrEnum):
    """The steps, in their order."""

    REACH = "reach"
    TLS = "tls"
    VERSION = "version"
    CONTAINERS = "containers"


class Outcome(StrEnum):
    """How a step ended. A warning works, and should not stay as it is."""

    OK = gettext_noop("ok")
    WARNING = gettext_noop("warning")
    FAILED = gettext_noop("failed")
    SKIPPED = gettext_noop("skipped")


@dataclass(frozen=True, slots=True)
class Finding:
    """One step. `details` are (label, value) pairs; no secret is ever among them.

    `info` is what the engine said of itself, in the step in which it does; `latency_s` how long
    it took to begin its answer.
    """

    step: Step
    outcome: Outcome
    sentence: str
    seconds: float = 0.0
    details: Details = ()
    info: EngineInfo | None = None
    latency_s: float | None = None
