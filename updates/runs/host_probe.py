"""Trying the way to a host: what the test on its page, the API and `addhost` have in common."""

from collections.abc import Sequence

from updates.engine.probing.findings import Finding, Outcome
from updates.engine.probing.probe import probe
from updates.models import Host

# For each wait; a person sits before the page.
TRIED_FOR_S = 10.0


def try_out(host: Host) -> list[Finding]:
    """What each step found. Of a host that is saved, it is noted too."""
    findings = list(probe(host.endpoint(), timeout_s=TRIED_FOR_S))
    if host._state.adding:
        return findings
    if trouble := trouble_in(findings):
        host.mark_failed(trouble)
        return findings
    for found in findings:
        if found.info is not None:
            host.mark_seen(found.info, latency_s=found.latency_s)
    return findings


def trouble_in(findings: Sequence[Finding]) -> str:
    """The sentence of the step that failed, "" if none did."""
    failed = (found.sentence for found in findings if found.outcome is Outcome.FAILED)
    return next(failed, "")
