"""Try the way into a registry, step by step, with the credentials that a check uses."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from updates.management import base
from updates.management.forms import cleaned
from updates.models import Registry
from updates.registry.errors import InvalidReference
from updates.registry.probing.probe import Finding, Outcome
from updates.registry.reference import Reference
from updates.runs.probe import findings, known_references, reference_of

_COLOURS = {
    Outcome.OK: "green",
    Outcome.WARNING: "yellow",
    Outcome.FAILED: "red",
    Outcome.SKIPPED: "dim",
}


class Command(base.Command):
    help = (
        "Connect to a registry as a check does, and show each step: DNS, TLS, ping, challenge, "
        "token, a manifest. It need not be saved. Exit code 1: a step failed."
    )
    examples = (
        "  manage.py testregistry ghcr.io\n"
        "  manage.py testregistry registry.example.com:5000 --image team/app:1.2\n"
        "  manage.py testregistry docker.io --image nginx --json"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="As it stands in image names, e.g. ghcr.io.")
        parser.add_argument(
            "--image",
            metavar="REFERENCE",
            help="The image to ask for; without it one that was checked there before.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")

    def handle(self, *, domain: str, image: str | None, json: bool, **_: Any) -> None:
        row = Registry.objects.filter(domain=domain).first() or cleaned(Registry(domain=domain))
        reference = _reference(row, image)
        found = []
        console = Console()
        for finding in findings(row, reference):
            found.append(finding)
            if not json:
                console.print(_shown(finding), soft_wrap=True)
        if json:
            self._say_document(domain, reference, found)
        self.finish(int(_has_failed(found)))

    def _say_document(
        self, domain: str, reference: Reference | None, found: Sequence[Finding]
    ) -> None:
        document = {
            "registry": domain,
            "image": str(reference) if reference else None,
            "ok": not _has_failed(found),
            "steps": [_as_json(finding) for finding in found],
        }
        self.say(json.dumps(document))


def _reference(row: Registry, image: str | None) -> Reference | None:
    """The image that was named, or one that was checked. Raises CommandError, code 2."""
    known = next(iter(known_references(row)), None)
    text = known if image is None else image
    try:
        return None if text is None else reference_of(row, text)
    except InvalidReference as error:
        raise base.wrong_use(f"--image: {error}") from error


def _has_failed(found: Sequence[Finding]) -> bool:
    return any(finding.outcome is Outcome.FAILED for finding in found)


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "step": str(finding.step),
        "outcome": finding.outcome.value,
        "sentence": finding.sentence,
        "seconds": round(finding.seconds, 3),
        "details": [{"label": label, "value": value} for label, value in finding.details],
    }


def _shown(finding: Finding) -> Text:
    """`ok       tls         sentence (0.02 s)`, and its details below, indented."""
    outcome = Text(f"{finding.outcome:<8}", style=_COLOURS[finding.outcome])
    line = Text.assemble(outcome, f" {finding.step:<11} {finding.sentence}")
    if finding.outcome is not Outcome.SKIPPED:
        line.append(f" ({finding.seconds:.2f} s)", style="dim")
    for label, value in finding.details:
        line.append(f"\n{'':21}{label}: {value}", style="dim")
    return line
