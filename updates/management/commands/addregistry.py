"""Add a registry's credentials and trust, or change them."""

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from updates.management import base
from updates.management.forms import cleaned, text_from_stdin, text_of
from updates.models import Registry
from updates.registry.logins.kinds import RegistryKind, form_of, kind_of

_FILES = ("ca_pem", "client_cert", "client_key")


class Command(base.Command):
    help = (
        "Add a registry, or change the one of that domain: what is not given stays, except that "
        "without --insecure it is asked over TLS. What cannot work is refused."
    )
    examples = (
        "  manage.py addregistry docker.io --username me --password-stdin < token\n"
        "  manage.py addregistry registry.example.com:5000 --ca-file ca.pem --trust ca\n"
        "  manage.py addregistry registry.example.com --client-cert cert.pem --client-key key.pem\n"
        "  manage.py addregistry europe-docker.pkg.dev --password-stdin < key.json\n"
        "  manage.py addregistry harbor.example.com --kind harbor --realm-host sso.example.com\n"
        "  manage.py addregistry 127.0.0.1:5000 --insecure"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", help="As it stands in image names, e.g. ghcr.io.")
        parser.add_argument(
            "--kind",
            choices=[kind.value for kind in RegistryKind],
            metavar="KIND",
            help=f"{', '.join(RegistryKind)}; a new one's is told by its domain.",
        )
        _add_login(parser)
        _add_trust(parser)

    def handle(self, *, domain: str, **options: Any) -> None:
        registry = Registry.objects.filter(domain=domain).first()
        verb = "Changed" if registry else "Added"
        registry = registry or Registry(domain=domain, kind=kind_of(domain).value)
        if options["kind"] is not None:
            registry.kind = options["kind"]
        _take_login(registry, options)
        _take_trust(registry, options)
        cleaned(registry).save()
        self.say(f"{verb} registry {registry}.{_remarks(registry)}")


def _add_login(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--username",
        metavar="U",
        help="Empty, with nothing on stdin, it takes the saved user name and password away.",
    )
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--password-stdin", action="store_true", help="Read the password or token from stdin."
    )
    secret.add_argument(
        "--identity-token-stdin",
        action="store_true",
        help="Read from stdin the identity (refresh) token that takes a password's place.",
    )
    parser.add_argument(
        "--realm-host",
        action="append",
        dest="realm_hosts",
        metavar="HOST",
        help="Another host that may be given the password for a token; may be given several times.",
    )


def _add_trust(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--ca-file", type=Path, dest="ca_pem", metavar="F", help="CA certificates, PEM."
    )
    parser.add_argument(
        "--trust",
        choices=Registry.Trust.values,
        metavar="MODE",
        help="Whom to trust: system, system+ca (the default once a CA is given), ca, insecure.",
    )
    parser.add_argument(
        "--client-cert", type=Path, metavar="F", help="Client certificate for mTLS, PEM."
    )
    parser.add_argument("--client-key", type=Path, metavar="F", help="Its key, PEM, not locked.")
    parser.add_argument(
        "--insecure", action="store_true", help="Plain HTTP; everything is sent unencrypted."
    )


def _take_login(registry: Registry, options: Mapping[str, Any]) -> None:
    """Whoever gives a password wants no identity token any more, and the reverse.

    Raises CommandError, code 2, when stdin brings nothing and the user name is not taken away.
    """
    if options["username"] is not None:
        registry.username = options["username"]
    if options["password_stdin"] or options["identity_token_stdin"]:
        secret = text_from_stdin().rstrip("\r\n")
        if not secret and options["username"] != "":
            raise base.wrong_use("Nothing came from stdin.")
        is_password = options["password_stdin"]
        registry.password = secret if is_password else ""
        registry.identity_token = "" if is_password else secret
    if options["realm_hosts"] is not None:
        registry.realm_hosts = " ".join(options["realm_hosts"])


def _take_trust(registry: Registry, options: Mapping[str, Any]) -> None:
    for field in _FILES:
        if options[field] is not None:
            setattr(registry, field, text_of(options[field]))
    if options["trust"] is not None:
        registry.trust = options["trust"]
    registry.plain_http = options["insecure"]


def _remarks(registry: Registry) -> str:
    """What a person should know of it that the options did not say."""
    kind = RegistryKind(registry.kind)
    form = form_of(kind)
    said = "" if kind is RegistryKind.GENERIC else f" Its kind is {form.label}."
    if form.is_brokered and registry.credentials() is None:
        said += " Without credentials the role of the machine that a worker runs on is used."
    return said + (" It is insecure." if registry.is_insecure else "")
