"""The command `watchweb`, the same as `python manage.py`."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "watchweb.settings")
    try:
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError:
        sys.stderr.write("Watchweb's packages are not installed for this Python: run make setup.\n")
        sys.exit(2)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
