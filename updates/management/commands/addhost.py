"""Add a Docker host, or change one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from updates.engine.probing.findings import Outcome
from updates.management import base
from updates.management.forms import cleaned, text_of
from updates.models import Host
from updates.runs.host_probe import trouble_in, try_out


class Command(base.Command):
    help = "Add a Docker host, or change one of that name, and try to reach it."
    examples = (
        "  manage.py addhost local unix:///var/run/docker.sock\n"
        "  manage.py addhost nas tcp://10.0.0.5:2376 --tls-ca ca.pem --tls-cert cert.pem "
        "--tls-key key.pem"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="Short and unique, e.g. nas.")
        parser.add_argument("url", help="unix:///…, tcp://HOST:PORT or ssh://USER@HOST")
        parser.add_argument("--tls-ca", type=Path, metavar="F", help="CA certificate, PEM.")
        parser.add_argument("--tls-cert", type=Path, metavar="F", help="Client certificate, PEM.")
        parser.add_argument("--tls-key", type=Path, metavar="F", help="Client key, PEM.")
        parser.add_argument("--queue", metavar="Q", help="The cluster that serves this host.")

    def handle(self, *, name: str, url: str, queue: str | None, **options: Any) -> None:
        host = Host.objects.filter(name=name).first() or Host(name=name)
        verb = "Changed" if host.pk else "Added"
        host.url = url
        for field in ("tls_ca", "tls_cert", "tls_key"):
            if options[field] is not None:
                setattr(host, field, text_of(options[field]))
        if queue is not None:
            host.queue = queue
        cleaned(host).save()
        self._try(host, verb)

    def _try(self, host: Host, verb: str) -> None:
        findings = try_out(host)
        if trouble := trouble_in(findings):
            self.stderr.write(f"{verb} host {host}, but: {trouble}")
            return
        for found in findings:
            if found.outcome is Outcome.WARNING:
                self.stderr.write(f"Warning: {found.sentence}")
            if info := found.info:
                self.say(f"{verb} host {host}: Docker {info.version}, API {info.api_version}.")
