"""Watchtower's notification settings as Apprise URLs."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from updates.management import base
from updates.notifications.legacy import Found, notes, of_url, translated
from updates.notifications.sending import CannotSend, service_of


class Command(base.Command):
    help = (
        "Print the Apprise URLs of Watchtower's notification settings: of the shoutrrr URLs given, "
        "or of the WATCHTOWER_NOTIFICATION… variables in the environment. The URLs, which hold "
        "secrets, go to stdout alone, one a line; notes go to stderr. Nothing is saved or sent."
    )
    examples = (
        "  manage.py translatenotifications 'discord://token@id'\n"
        "  manage.py translatenotifications - < urls\n"
        "  docker exec watchtower env > w.env && env $(grep ^WATCHTOWER_ w.env) "
        "manage.py translatenotifications"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "urls",
            nargs="*",
            metavar="URL",
            help="URLs of shoutrrr; - reads them from stdin, so that no process list has them.",
        )
        parser.add_argument(
            "--masked", action="store_true", help="Print the services alone, without secrets."
        )

    def handle(self, *, urls: list[str], masked: bool, **_: Any) -> None:
        if urls:
            found = [of_url(url, f"URL {number}") for number, url in enumerate(_read(urls), 1)]
        else:
            found = translated(os.environ)
            for note in notes(os.environ):
                self.stderr.write(f"Note: {note}")
        if not found:
            raise base.wrong_use(
                "There is nothing to translate: give a URL, or set WATCHTOWER_NOTIFICATION_URL."
            )
        refused = [one for one in found if not self._show(one, masked=masked)]
        self.finish(1 if refused else 0)

    def _show(self, found: Found, *, masked: bool) -> bool:
        """Print one; False for one that has no URL to use."""
        note = found.note
        is_good = not found.is_refused
        if found.url:
            try:
                service = service_of(found.url)
            except CannotSend as error:
                note, is_good = str(error), False
            else:
                self.say(service if masked else found.url)
        if note:
            self.stderr.write(f"{found.source}: {note}")
        return is_good


def _read(urls: list[str]) -> list[str]:
    return sys.stdin.read().split() if urls == ["-"] else urls
