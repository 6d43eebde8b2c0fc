"""Whom all registries are believed by, told to one command: three options over three settings."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from updates.management import base
from updates.models.trust import complaint_about_trust


class TrustCommand(base.Command):
    """A command with --registry-ca, --registry-ca-validate and --insecure-registry.

    The system checks wait until the options are known: `take_trust` runs them.
    """

    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--registry-ca",
            type=Path,
            metavar="FILE",
            help="CA certificates (PEM) that registries may use beside the system's.",
        )
        parser.add_argument(
            "--registry-ca-validate",
            action="store_true",
            help="Do not start if those CA certificates cannot be used.",
        )
        parser.add_argument(
            "--insecure-registry",
            action="store_true",
            help="Check no registry's certificate, unless it has a CA of its own. Insecure.",
        )

    def take_trust(self, options: Mapping[str, Any]) -> None:
        """Put the options over this process's settings, and run the system checks.

        Raises CommandError, code 2, for a file that does not exist, and for what cannot be used
        when validation is on.
        """
        if path := options["registry_ca"]:
            settings.WATCHWEB_REGISTRY_CA = str(_existing(path).absolute())
        if options["registry_ca_validate"]:
            settings.WATCHWEB_REGISTRY_CA_VALIDATE = True
            if not settings.WATCHWEB_REGISTRY_CA:
                raise base.wrong_use(
                    "--registry-ca-validate needs something to validate: give --registry-ca FILE, "
                    "or set WATCHWEB_REGISTRY_CA."
                )
        if options["insecure_registry"]:
            settings.WATCHWEB_INSECURE_REGISTRY = True
        if settings.WATCHWEB_REGISTRY_CA_VALIDATE and (complaint := complaint_about_trust()):
            # Other system checks connect to the database, and SQLite makes it by that.
            raise base.wrong_use(" ".join(complaint.split()))
        self.check()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise base.wrong_use(f"--registry-ca: there is no file {path}.")
    return path
