"""Add a registry's credentials and trust, or change them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from updates.management import base
from updates.management.forms import cleaned, text_of
from updates.models import Registry


class Command(base.Command):
    help = "Add a registry, or change the one of that domain. A bad certificate is refused."
    examples = (
        "  manage.py addregistry docker.io --username me --password-stdin < token\n"
        "  manage.py addregistry registry.example.com:5000 --ca-file ca.pem --trust ca\n"
        "  manage.py addregistry 127.0.0.1:5000 --insecure"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="As it stands in image names, e.g. ghcr.io.")
        parser.add_argument("--username", metavar="U")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password or token from stdin."
        )
        parser.add_argument("--ca-file", type=Path, metavar="F", help="CA certificates, PEM.")
        parser.add_argument(
            "--trust",
            choices=Registry.Trust.values,
            metavar="MODE",
            help="Whom to trust: system, system+ca (the default once a CA is given), ca, insecure.",
        )
        parser.add_argument(
            "--insecure", action="store_true", help="Plain HTTP; everything is sent unencrypted."
        )

    def handle(self, *, domain: str, **options: Any) -> None:
        registry = Registry.objects.filter(domain=domain).first() or Registry(domain=domain)
        verb = "Changed" if registry.pk else "Added"
        if options["username"] is not None:
            registry.username = options["username"]
        if options["password_stdin"]:
            registry.password = sys.stdin.read().rstrip("\r\n")
        if options["ca_file"] is not None:
            registry.ca_pem = text_of(options["ca_file"])
        if options["trust"] is not None:
            registry.trust = options["trust"]
        registry.plain_http = options["insecure"]
        cleaned(registry).save()
        warning = " It is insecure." if registry.is_insecure else ""
        self.say(f"{verb} registry {registry}.{warning}")
