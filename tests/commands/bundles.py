"""Files of CA certificates: one that can be used, and one for each reason why not."""

from datetime import timedelta
from pathlib import Path

from tests.lab.authority import Authority
from tests.registry.certificate_files import KEY_PEM, certificate, pem

_OLD = certificate("Old CA", starts=timedelta(days=-7300), ends=timedelta(days=-3650))

# What stands in the file, and a part of the sentence that refuses it.
UNUSABLE = {
    "empty": ("\n", "The CA bundle is empty."),
    "no PEM": ("hello", "The CA bundle is not PEM"),
    "a leaf": (pem(certificate("site", issuer="Lab CA", is_ca=False)), "is not a CA certificate"),
    "expired": (pem(_OLD), "expired on 2017-01-17."),
    "a key": (KEY_PEM, "holds a private key"),
}


def usable(folder: Path) -> Path:
    """A file with a good CA."""
    return written(folder, Authority().ca_pem)


def unusable(folder: Path) -> Path:
    """A file that is no PEM."""
    return written(folder, "hello")


def written(folder: Path, text: str) -> Path:
    path = folder / "bundle.pem"
    path.write_text(text)
    return path
