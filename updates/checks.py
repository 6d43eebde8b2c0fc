"""System checks: settings that would lose or repeat work."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register()
def queue_settings(**_: Any) -> list[Error]:
    """A task that outlives `retry` is delivered again while it still runs."""
    cluster = settings.Q_CLUSTER
    found = []
    if cluster["retry"] <= cluster["timeout"]:
        found.append(Error("Q_CLUSTER: retry has to be longer than timeout.", id="watchweb.E001"))
    if cluster["queue_limit"] > cluster["workers"]:
        found.append(
            Error("Q_CLUSTER: queue_limit may not exceed the workers.", id="watchweb.E002")
        )
    return found
