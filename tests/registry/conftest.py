"""What the tests of the registry client share: a clock, a fake registry, and clients for it."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import trustme

from tests.fakes.registry import FakeRegistry
from tests.registry.hostile import Reply, serving
from updates.registry.addresses import PeerGuard
from updates.registry.client import RegistryClient
from updates.registry.config import RegistryConfig
from updates.registry.logins.credentials import Credentials
from updates.registry.messages import Call, Kind, Request
from updates.registry.reference import Reference
from updates.registry.tls.trust import TrustMode, ssl_context
from updates.registry.tokens import MemoryTokenStore
from updates.registry.transport import Limits, Transport

IMPATIENT = Limits(connect_s=0.5, read_s=0.5, whole_s=0.6)
ROBOT = Credentials(FakeRegistry.username, FakeRegistry.password)


@dataclass(slots=True)
class Clock:
    """A clock that moves when told to. `sleeps` is what the client wanted to sleep."""

    now: float = 1_800_000_000.0
    sleeps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)


class Bench:
    """One fake registry, one token store, and as many clients as a test wants."""

    def __init__(self, registry: FakeRegistry, clock: Clock) -> None:
        self.registry = registry
        self.clock = clock
        self.tokens = MemoryTokenStore(clock)
        self.observed: list[Request] = []
        self._clients: list[RegistryClient] = []

    def client(self, **settings: Any) -> RegistryClient:
        """A client with these settings; `pause` and `limits` are its own, not its registry's."""
        given = {name: settings.pop(name) for name in ("pause", "limits") if name in settings}
        own: dict[str, Any] = {"domain": self.registry.address, "plain_http": True}
        client = RegistryClient(
            RegistryConfig(**own | settings),
            tokens=self.tokens,
            clock=self.clock,
            observer=self.observed.append,
            sleep=self.clock.sleep,
            **given,
        )
        self._clients.append(client)
        return client

    def reference(self, rest: str = "team/app") -> Reference:
        return Reference.parse(f"{self.registry.address}/{rest}")

    def close(self) -> None:
        for client in self._clients:
            client.close()


class Asker:
    """Makes one transport, and sends calls to whatever address a test has."""

    def __init__(self, clock: Clock) -> None:
        self.observed: list[Request] = []
        self.transport = Transport(
            ssl_context(TrustMode.SYSTEM, None),
            PeerGuard("127.0.0.1"),
            plain_http=True,
            observer=self.observed.append,
            sleep=clock.sleep,
            limits=IMPATIENT,
        )

    def ask(self, reply: Reply, *, kind: Kind = Kind.MANIFEST, method: str = "GET") -> bytes:
        """The body that a hostile server's reply is taken for."""
        with serving(reply) as address:
            return self.transport.send(Call(method, f"http://{address}/x", kind)).body


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


@pytest.fixture
def bench(registry: FakeRegistry, clock: Clock) -> Iterator[Bench]:
    bench = Bench(registry, clock)
    yield bench
    bench.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Lab CA")


@pytest.fixture(scope="session")
def server_context(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """Makes server contexts with a certificate of the lab's CA for the names given."""

    def make(*names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
        return context

    return make


@pytest.fixture
def tls_registry(server_context: Callable[..., ssl.SSLContext]) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=server_context()) as fake:
        yield fake


@pytest.fixture
def tls_bench(tls_registry: FakeRegistry, clock: Clock) -> Iterator[Bench]:
    bench = Bench(tls_registry, clock)
    yield bench
    bench.close()


@pytest.fixture
def asker(clock: Clock) -> Iterator[Asker]:
    asker = Asker(clock)
    yield asker
    asker.transport.close()
