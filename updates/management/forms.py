"""What commands take in: files and rows, refused in one line when they are not right."""

import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Model

from updates.management.base import wrong_use


def text_of(path: Path, *, form: str = "PEM") -> str:
    """The text of a file that has to be of this form. Raises CommandError, code 2."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise wrong_use(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise wrong_use(f"{path} is not a text file; {form} is asked for.") from error


def text_from_stdin() -> str:
    """What was piped in, to its end. Raises CommandError, code 2."""
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        # The error holds all the bytes, and so perhaps a secret.
        raise wrong_use("What came from stdin is no text.") from None


def cleaned[Row: Model](row: Row) -> Row:
    """The row, validated. Raises CommandError, code 2, with every reason in one line."""
    try:
        row.full_clean()
    except ValidationError as error:
        reasons = [
            " ".join(messages) if field == "__all__" else f"{field}: {' '.join(messages)}"
            for field, messages in error.message_dict.items()
        ]
        raise wrong_use(" ".join(reasons)) from error
    return row
