"""CA bundles in files, as the settings for all registries name them."""

import codecs
from datetime import datetime
from pathlib import Path

from updates.registry.errors import TrustError
from updates.registry.tls.certificates import MAX_BUNDLE_BYTES, CABundle, load_ca_bundle


def load_ca_file(path: str, *, now: datetime, expired_may_stay: bool = False) -> CABundle:
    """Read and judge a file of CA certificates, as `load_ca_bundle` does. `now` is aware.

    Raises TrustError with one line that does not name the path: whoever asked knows it.
    """
    return load_ca_bundle(_text_of(path), now=now, expired_may_stay=expired_may_stay)


def _text_of(path: str) -> str:
    """The text of a file, its first megabyte and a byte. Raises TrustError."""
    file_path = Path(path)
    try:
        if file_path.is_dir():
            raise TrustError("The CA file is a folder: name the file in it.")
        if file_path.exists() and not file_path.is_file():
            # A pipe would never end, and "/dev/zero" neither.
            raise TrustError("The CA file is no regular file.")
        with file_path.open("rb") as file:
            content = file.read(MAX_BUNDLE_BYTES + 1)
    except FileNotFoundError as error:
        raise TrustError("The CA file does not exist.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is malformed"
        raise TrustError(f"The CA file cannot be read: {reason}.") from error
    # Windows' own editors and shells write UTF-16.
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_wide else "utf-8", errors="replace")
