"""Registries that mean no good: a check ends in time, as a sentence, and gives nothing away."""

import time
from collections.abc import Iterator

import pytest

from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import ROBOT, Bench
from tests.registry.hostile import OK, endless, sending, serving
from updates.registry.addresses import PeerGuard
from updates.registry.config import RegistryConfig
from updates.registry.errors import NotARegistry, RegistryError
from updates.registry.handshake import Handshake
from updates.registry.messages import Call, Kind
from updates.registry.reference import Reference
from updates.registry.tls.trust import TrustMode, ssl_context
from updates.registry.transport import Limits, Transport

IMPATIENT = Limits(connect_s=0.3, read_s=0.3, whole_s=0.4)
OTHER = f"sha256:{'0' * 64}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Docker-Content-Digest": OTHER},
        {"Content-Encoding": "gzip"},
        {"Content-Type": "text/html", "Docker-Content-Digest": OTHER},
    ],
)
def test_a_body_that_its_headers_belie_is_refused(bench: Bench, headers: dict[str, str]) -> None:
    bench.registry.put("team/app")
    bench.registry.behaviour.head_status = 405
    bench.registry.behaviour.headers = headers

    with pytest.raises(NotARegistry):
        bench.client().resolve(bench.reference())


@pytest.mark.parametrize("digest", ["", "latest", "sha256:0", f"{OTHER}0", "md5:" + "0" * 32])
def test_a_digest_that_is_none_is_computed(bench: Bench, digest: str) -> None:
    wanted = bench.registry.put("team/app")
    bench.registry.behaviour.headers = {"Docker-Content-Digest": digest}

    assert bench.client().resolve(bench.reference()).digest == wanted


@pytest.mark.parametrize("kind", ["redirects", "html"])
def test_a_registry_that_leads_nowhere_is_named(bench: Bench, kind: str) -> None:
    if kind == "html":
        bench.registry.behaviour.garbage = b"<html>Sign in</html>"
    else:
        bench.registry.behaviour.redirect_to = bench.registry.url

    with pytest.raises(NotARegistry, match=rf"^{bench.registry.address} .*\.$"):
        bench.client(credentials=ROBOT).resolve(bench.reference())

    assert len(bench.registry.seen) <= 6


@pytest.mark.parametrize(
    "reply",
    [
        endless(OK + b"\r\n", b"x" * 65536),
        endless(OK + b"\r\n", b" ", pause_s=0.1),
        endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause_s=0.1),
        endless(b"HTTP/1.1 401 X\r\n\r\n", b"x" * 65536),
        endless(b"HTTP/1.1 401 X\r\nWWW-Authenticate: Basic\r\n\r\n", b" ", pause_s=0.1),
        sending(b"HTTP/1.1 429 X\r\nRetry-After: -1\r\n\r\n"),
        sending(b"HTTP/1.1 304 X\r\n\r\n"),
        sending(b"HTTP/1.1 200 OK\r\nDocker-Content-Digest: sha256:00"),
        sending(),
    ],
    ids=range(9),
)
def test_every_check_ends_in_time_as_a_sentence(bench: Bench, reply: object) -> None:
    started = time.monotonic()
    with serving(reply) as address:  # type: ignore[arg-type]
        client = bench.client(domain=address, credentials=ROBOT, limits=IMPATIENT)

        with pytest.raises(RegistryError, match=r"\.$") as refused:
            client.resolve(Reference.parse(f"{address}/team/app"))
        client.close()

    assert time.monotonic() - started < 10
    assert ROBOT.password not in str(refused.value)


@pytest.fixture
def watched(bench: Bench) -> Iterator[Handshake]:
    """The way into the fake registry, as if that were far away: loopback is not its own."""
    guard = PeerGuard("127.0.0.1", resolver=lambda _: ("1.1.1.1",))
    transport = Transport(ssl_context(TrustMode.SYSTEM, None), guard, plain_http=True)
    config = RegistryConfig(bench.registry.address, plain_http=True)
    handshake = Handshake(config, bench.tokens, bench.clock, lambda: transport)
    yield handshake
    handshake.close()


def test_a_realm_at_an_address_inside_is_not_asked(bench: Bench, watched: Handshake) -> None:
    with FakeRegistry() as inside:
        bench.registry.behaviour.auth = "bearer"
        bench.registry.behaviour.realm = inside.url.replace("127.0.0.1", "localhost") + "/token"
        call = Call("HEAD", f"{bench.registry.url}/v2/a/manifests/1", Kind.MANIFEST)

        with pytest.raises(NotARegistry, match=r"leads to localhost, a loopback address"):
            watched.send(call, scope="repository:a:pull")

        assert inside.seen == []
