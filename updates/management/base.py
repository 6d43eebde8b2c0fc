"""How the commands speak: examples in their help, one line on stderr for wrong use."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any, NoReturn

from django.core import checks
from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    DjangoHelpFormatter,
)

from updates.audit.actor import acting, of_command


class _Formatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of options, and the examples' line ends kept."""


class _Parser(CommandParser):
    def error(self, message: str) -> NoReturn:
        if not self.called_from_command_line:
            raise wrong_use(f"Error: {message}")
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


class Command(BaseCommand):
    """A command with `examples`, one a line, at the end of its help."""

    examples = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("epilog", f"Examples:\n{self.examples}")
        kwargs.setdefault("formatter_class", _Formatter)
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = _Parser
        return parser

    def check(self, *_: Any, **__: Any) -> None:
        """Django's system checks, a line for each warning.

        Raises CommandError, code 2, with every error in one line and nothing before it.
        """
        found = [message for message in checks.run_checks() if not message.is_silenced()]
        if errors := [message for message in found if message.is_serious()]:
            raise wrong_use(" ".join(_sentence(message) for message in errors))
        for message in found:
            if message.level >= checks.WARNING:
                self.stderr.write(f"Warning: {_sentence(message)}", self.style.WARNING)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """What it does is recorded as the doing of whoever is logged in to the machine."""
        with acting(of_command):
            return super().execute(*args, **options)

    def say(self, line: str) -> None:
        """A line on stdout, now."""
        self.stdout.write(line)
        self.stdout.flush()

    def finish(self, code: int) -> None:
        """End with this exit code; 0 is the end of `handle`."""
        if code:
            sys.exit(code)


def wrong_use(message: str) -> CommandError:
    """The error that is one line on stderr and exit code 2."""
    return CommandError(message, returncode=2)


def _sentence(message: checks.CheckMessage) -> str:
    """A check's message with its hint, in one line."""
    return " ".join(f"{message.msg} {message.hint or ''}".split())
