"""One HTTP request to a registry: limited in time, size and hops, and never to the wrong place."""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from updates.registry.addresses import PeerGuard
from updates.registry.connections import ContextAdapter
from updates.registry.errors import NotARegistry, RegistryError, TransportError
from updates.registry.failures import explain
from updates.registry.messages import Answer, Call, Kind, Request, host_of, next_hop
from updates.registry.tls.certificates import Certificate
from updates.registry.tls.shown import ShownCertificate

__all__ = ["STANDARD_LIMITS", "Answer", "Call", "Kind", "Limits", "Request", "Transport"]

MAX_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NEVER_PASSING = frozenset({501, 505})
_RETRY_PAUSES_S = (0.1, 0.4)
_CHUNK_BYTES = 64 * 1024
_DRAIN_CHUNKS = 8
_DRAIN_S = 5.0
_BEGINNING_BYTES = 4096
_FOREIGN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """`read_s` is between two bytes; `whole_s` is for all headers, and for a whole body."""

    connect_s: float = 5.0
    read_s: float = 20.0
    whole_s: float = 30.0


STANDARD_LIMITS = Limits()


class Transport:
    """The connections to one registry. Used by many threads at once.

    requests' adapter without its session: so there are no cookies, and neither proxies nor
    .netrc nor REQUESTS_CA_BUNDLE of the environment have a say.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        guard: PeerGuard,
        *,
        plain_http: bool = False,
        observer: Callable[[Request], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        limits: Limits = STANDARD_LIMITS,
        shown: ShownCertificate | None = None,
    ) -> None:
        self._schemes = ("https", "http") if plain_http else ("https",)
        self._observer = observer
        self._sleep = sleep
        self._limits = limits
        self._headers = {"User-Agent": user_agent(), "Accept-Encoding": "identity"}
        self._shown = shown or ShownCertificate("", 0)
        self._adapter = ContextAdapter(context, guard, self._shown, header_s=limits.whole_s)

    @property
    def certificate(self) -> Certificate | None:
        """What the registry itself showed on the newest connection to it; None without one."""
        return self._shown.certificate

    def send(self, call: Call) -> Answer:
        """The answer, whatever its status; a 5xx or a broken connection is tried again twice.

        Raises TransportError when there is none, NotARegistry when it is out of all bounds.
        """
        for pause_s in _RETRY_PAUSES_S:
            try:
                answer = self._follow(call)
            except TransportError as error:
                if not error.retryable:
                    raise
            else:
                if answer.status < 500 or answer.status in _NEVER_PASSING:
                    return answer
            self._sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311
        return self._follow(call)

    def close(self) -> None:
        self._adapter.close()

    def _follow(self, call: Call) -> Answer:
        for _ in range(MAX_HOPS + 1):
            answer = self._send_once(call)
            if answer.status not in _REDIRECTS:
                return answer
            call = next_hop(call, answer.headers.get("Location"))
        host = host_of(call.url)
        raise NotARegistry(f"{host} redirects without end.")

    def _send_once(self, call: Call) -> Answer:
        host = host_of(call.url)
        if urlsplit(call.url).scheme not in self._schemes:
            raise NotARegistry(
                f"{host} is to be asked without TLS, which this registry is not allowed."
            )
        started, status = time.monotonic(), None
        try:
            with self._open(call) as response:
                status = response.status_code
                return self._read(call, response)
        except RegistryError:
            raise
        except _FOREIGN as error:
            raise explain(error, host) from error
        finally:
            if self._observer is not None:
                seconds = time.monotonic() - started
                self._observer(Request(call.method, host, call.kind, status, seconds))

    def _open(self, call: Call) -> requests.Response:
        headers = self._headers | {"Accept": call.accept}
        if call.authorization:
            headers["Authorization"] = call.authorization
        if call.if_none_match:
            headers["If-None-Match"] = call.if_none_match
        request = requests.Request(call.method, call.url, headers, data=call.form).prepare()
        timeout = (self._limits.connect_s, self._limits.read_s)
        return self._adapter.send(request, stream=True, timeout=timeout)

    def _read(self, call: Call, response: requests.Response) -> Answer:
        status = response.status_code
        if status == 304 and not call.if_none_match:
            raise NotARegistry(f"{host_of(call.url)} says that what nobody has is unchanged.")
        is_wanted = status == 200 and call.method != "HEAD"
        body = self._body(call, response) if is_wanted else _drained(response)
        return Answer(
            status=status,
            url=call.url,
            headers=response.headers,
            challenges=tuple(response.raw.headers.getlist("WWW-Authenticate")),
            body=body if is_wanted or status == 429 else b"",
        )

    def _body(self, call: Call, response: requests.Response) -> bytes:
        host = host_of(call.url)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NotARegistry(f"{host} compresses its answer although it was asked not to.")
        body = bytearray()
        for chunk in _chunks(response, host, within_s=self._limits.whole_s):
            body += chunk
            if len(body) > call.kind.max_body_bytes:
                raise NotARegistry(f"{host} sends an answer without end, not a {call.kind}.")
        return bytes(body)


def _chunks(response: requests.Response, host: str, *, within_s: float) -> Iterator[bytes]:
    deadline = time.monotonic() + within_s
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=False):
        yield chunk
        if time.monotonic() > deadline:
            raise TransportError(f"{host} sends its answer too slowly.")


def _drained(response: requests.Response) -> bytes:
    """The beginning of an unwanted body. If it is small, its connection can be used again."""
    beginning = b""
    with suppress(TransportError):
        for number, chunk in enumerate(_chunks(response, "", within_s=_DRAIN_S)):
            beginning = beginning or chunk[:_BEGINNING_BYTES]
            if number == _DRAIN_CHUNKS:
                break
    return beginning


def user_agent() -> str:
    try:
        return f"watchweb/{version('watchweb')}"
    except PackageNotFoundError:
        return "watchweb/0"
