"""What is known of one registry before it is asked: a row of the registry table, as a value."""

from dataclasses import dataclass

from updates.registry.logins.credentials import Credentials
from updates.registry.reference import api_host_of
from updates.registry.tls.trust import ClientCertificate, TrustMode


@dataclass(frozen=True, slots=True)
class RegistryConfig:
    """`api_host` overrides the host that the domain implies; `realm_hosts` may get credentials.

    The hints are what an earlier client learned (`RegistryClient.bearer`, `.is_basic`,
    `.is_open`): with one, all requests go out at once, and as the registry wants them. A wrong
    one costs those in flight a request more, until the first of them has learned better.
    """

    domain: str
    credentials: Credentials | None = None
    trust: TrustMode = TrustMode.SYSTEM
    ca_pem: str = ""
    client_certificate: ClientCertificate | None = None
    plain_http: bool = False
    realm_hosts: tuple[str, ...] = ()
    api_host: str = ""
    hint_realm: str = ""
    hint_service: str = ""
    hint_basic: bool = False
    hint_open: bool = False

    @property
    def address(self) -> str:
        """Host and port of the API."""
        return self.api_host or api_host_of(self.domain)

    @property
    def base_url(self) -> str:
        return f"{'http' if self.plain_http else 'https'}://{self.address}"
