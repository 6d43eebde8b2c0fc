"""Keys that are made once, in the data folder, when nobody gave them.

Neither key is ever replaced in silence: without its key a saved secret is lost, and a new
SECRET_KEY makes the queue throw its signed tasks away.
"""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def secret_key(data: Path) -> str:
    """`SECRET_KEY`, else `SECRET_KEY_FILE`'s text, else `DATA/secret_key` (made once, 0600)."""
    return given("SECRET_KEY") or kept_in(data / "secret_key", get_random_secret_key)


def encryption_keys(data: Path) -> list[str]:
    """Fernet keys, newest first: the first encrypts, all of them decrypt (so keys can rotate).

    From `WATCHWEB_ENCRYPTION_KEYS` or the file it is given by (separated by commas or white
    space), else `DATA/encryption_key` (made once, 0600).
    """
    text = given("WATCHWEB_ENCRYPTION_KEYS")
    text = text or kept_in(data / "encryption_key", lambda: Fernet.generate_key().decode())
    keys = text.replace(",", " ").split()
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                "WATCHWEB_ENCRYPTION_KEYS holds something that is not a Fernet key "
                "(32 bytes, url-safe base64)."
            ) from error
    return keys


def given(name: str) -> str:
    """The variable `name`, or the text of the file named by `name`_FILE; "" if neither is set."""
    if value := os.environ.get(name, ""):
        return value
    if not (path := os.environ.get(f"{name}_FILE", "")):
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error


def given_or_in_file(name: str) -> str:
    """As `given`; a value that is the path of a file stands for its text, as with Watchtower."""
    value = given(name)
    if not value.startswith("/") or not Path(value).is_file():
        return value
    try:
        return Path(value).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise ImproperlyConfigured(f"The file that {name} names cannot be read.") from None


def kept_in(path: Path, make: Callable[[], str]) -> str:
    """The text in `path`; made and saved there, readable by its owner alone, when there is none.

    The file is linked into place when it is whole, so two processes that start together end up
    with the same key.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # Another process was first: its key counts.
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
