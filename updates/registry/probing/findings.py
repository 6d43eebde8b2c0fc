"""What a connection test found at each of its steps."""

from dataclasses import dataclass
from enum import StrEnum

from updates.language import gettext_noop

type Details = tuple[tuple[str, str], ...]

# Comes before the steps, and only when it fails.
CREDENTIALS_STEP = "credentials"


class ProbeStep(StrEnum):
    """The steps of a check, in their order."""

    DNS = "name"
    TLS = "tls"
    PING = "ping"
    CHALLENGE = "challenge"
    TOKEN = "token"  # noqa: S105
    MANIFEST = "manifest"


class Outcome(StrEnum):
    """How a step ended. A warning works, and should not stay as it is."""

    OK = gettext_noop("ok")
    WARNING = gettext_noop("warning")
    FAILED = gettext_noop("failed")
    SKIPPED = gettext_noop("skipped")


@dataclass(frozen=True, slots=True)
class Finding:
    """One step. `details` are (label, value) pairs; no secret is ever among them."""

    step: str
    outcome: Outcome
    sentence: str
    seconds: float = 0.0
    details: Details = ()
