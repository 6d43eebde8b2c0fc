"""A private certificate authority, and what it signs."""

from pathlib import Path

import trustme

NAMES = ("127.0.0.1", "localhost", "registry.test")


class Authority:
    """One CA with server and client certificates; all as PEM texts."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Watchweb lab")

    @property
    def ca_pem(self) -> str:
        return self._ca.cert_pem.bytes().decode()

    def server(self, folder: Path) -> tuple[Path, Path]:
        """(certificate chain, key) files for a server on loopback."""
        return _written(self._ca.issue_cert(*NAMES), folder, "server")

    def client(self, folder: Path) -> tuple[Path, Path]:
        """(certificate chain, key) files for a client."""
        return _written(self._ca.issue_cert("client@lab.test"), folder, "client")

    def client_pem(self) -> tuple[str, str]:
        """(certificate, key) of a client, as texts."""
        issued = self._ca.issue_cert("client@lab.test")
        return _chain(issued), issued.private_key_pem.bytes().decode()


def _written(issued: trustme.LeafCert, folder: Path, name: str) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_text(_chain(issued))
    key.write_bytes(issued.private_key_pem.bytes())
    key.chmod(0o600)
    return certificate, key


def _chain(issued: trustme.LeafCert) -> str:
    return "".join(part.bytes().decode() for part in issued.cert_chain_pems)
