"""Take over the registries that `docker login` knows: a Docker config.json."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from updates.management import base
from updates.management.forms import text_from_stdin, text_of
from updates.registry.errors import DockerConfigError
from updates.registry.logins.docker_config import DockerConfig, read_docker_config
from updates.runs.import_logins import Outcome, import_logins


class Command(base.Command):
    help = (
        "Import user names, passwords and tokens from a Docker config.json. A registry that has "
        "other credentials already is kept as it is; what else is saved for it always is."
    )
    examples = (
        "  manage.py importregistries\n"
        "  manage.py importregistries /home/me/.docker/config.json --dry-run\n"
        "  ssh nas cat .docker/config.json | manage.py importregistries - --replace"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            metavar="FILE",
            help="A config.json; - is stdin. Without it: $DOCKER_CONFIG/config.json, "
            "or ~/.docker/config.json.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say it; change nothing.")
        parser.add_argument(
            "--replace", action="store_true", help="Put these credentials over other ones."
        )

    def handle(self, *, file: str | None, dry_run: bool, replace: bool, **_: Any) -> None:
        config = _config(file)
        imported = import_logins(config, replace=replace, dry_run=dry_run)
        for one in imported:
            self.say(f"{one.outcome.capitalize()}: {one.sentence}")
        for note in config.notes:
            self.say(f"Note: {note}")
        if any(one.outcome is Outcome.KEPT for one in imported):
            self.say("To put these credentials over the ones that were kept: --replace.")
        if not imported:
            self.say("There was nothing to import.")
        elif dry_run:
            self.say("Nothing was saved: this was a dry run.")


def _config(file: str | None) -> DockerConfig:
    """The logins of the file that is named so. Raises CommandError, code 2."""
    try:
        return read_docker_config(_text(file))
    except DockerConfigError as error:
        place = "stdin" if file == "-" else file or _usual_file()
        raise base.wrong_use(f"{place}: {error}") from error


def _text(file: str | None) -> str:
    if file == "-":
        return text_from_stdin()
    return text_of(Path(file) if file else _usual_file(), form="JSON")


def _usual_file() -> Path:
    """Where `docker login` of this user keeps them."""
    folder = os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker"
    return Path(folder) / "config.json"
