"""The command `watchweb`, the same as `python manage.py`."""

import os
import sys
from typing import NoReturn


def main() -> None:
    """Run the command that the arguments name.

    What a person can mend (packages, settings, the database) is one line on stderr and exit
    code 2; with --traceback it is Django's own answer.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchweb.settings")
    try:
        from django.core.management import execute_from_command_line
        from django.db import OperationalError, ProgrammingError
    except ModuleNotFoundError:
        _give_up("Watchweb's packages are not installed for this Python: run make setup.")
    if "--traceback" in sys.argv:
        execute_from_command_line(sys.argv)
        return
    _read_settings()
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        _give_up(f"The database cannot be used ({error}). To set up a new one: manage.py migrate")


def _read_settings() -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, OSError, ValueError) as error:
        _give_up(f"A setting cannot be used: {error}")


def _give_up(sentence: str) -> NoReturn:
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    sys.exit(2)


if __name__ == "__main__":
    main()
