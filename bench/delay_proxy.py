"""A process before a registry and its token service that counts and delays: bench/proxy.py asks it.

One address for both, plain HTTP on loopback, connections kept open on both sides.
"""

import asyncio
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

from bench import wire
from bench.child import Json, serve_beside
from bench.wire import Head

type Address = tuple[str, int]
type Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_MANIFESTS = ("HEAD", "GET")
_REFUSE_EVERY = 10
_REFUSALS = {
    "retry-after": wire.answer("429 Too Many Requests", fields={"Retry-After": "1"}),
    "bare": wire.answer("429 Too Many Requests"),
}
_BAD_GATEWAY = wire.answer("502 Bad Gateway")


@dataclass(slots=True)
class Counts:
    """What was seen since the last reset. A request is busy until its answer has been sent."""

    requests: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    opened: int = 0
    open: int = 0
    peak_open: int = 0
    busy: int = 0
    peak_busy: int = 0

    def begin_connection(self) -> None:
        self.opened += 1
        self.open += 1
        self.peak_open = max(self.peak_open, self.open)

    def begin_request(self, kind: str) -> None:
        self.requests[kind] += 1
        self.busy += 1
        self.peak_busy = max(self.peak_busy, self.busy)

    def reset(self) -> None:
        """Begin anew; what is open now stays counted as open."""
        self.requests.clear()
        self.refused = self.opened = 0
        self.peak_open, self.peak_busy = self.open, self.busy


@dataclass(slots=True)
class Proxy:
    """`refusal`: how one manifest request in ten is answered, a key of `_REFUSALS`; "": like all
    others."""

    registry: Address = ("127.0.0.1", 0)
    tokens: Address = ("127.0.0.1", 0)
    delay_s: float = 0.0
    refusal: str = ""
    counts: Counts = field(default_factory=Counts)
    _idle: defaultdict[Address, list[Link]] = field(default_factory=lambda: defaultdict(list))

    def obey(self, command: Json) -> None:
        """Change what the command names: registry and tokens ("host:port"), delay_ms, refusal."""
        if "registry" in command:
            self.registry, self.tokens = _address(command["registry"]), _address(command["tokens"])
        self.delay_s = command.get("delay_ms", self.delay_s * 1000) / 1000
        self.refusal = command.get("refusal", self.refusal)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a client, to its end."""
        self.counts.begin_connection()
        try:
            while head := await wire.read_head(reader):
                await self._request(head, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Its client or the registry went away: as without a proxy.
        finally:
            self.counts.open -= 1
            writer.close()

    async def _request(
        self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        kind = _kind(head)
        self.counts.begin_request(kind)
        try:
            body = await reader.readexactly(head.length)
            if self._is_refused(kind):
                await asyncio.sleep(self.delay_s)
                writer.write(_REFUSALS[self.refusal])
            else:
                await self._forward(head, body, writer)
            await writer.drain()
        finally:
            self.counts.busy -= 1

    def _is_refused(self, kind: str) -> bool:
        asked = sum(self.counts.requests[one] for one in _MANIFESTS)
        is_it = bool(self.refusal) and kind in _MANIFESTS and asked % _REFUSE_EVERY == 0
        self.counts.refused += is_it
        return is_it

    async def _forward(self, head: Head, body: bytes, writer: asyncio.StreamWriter) -> None:
        address = self.tokens if head.words[1].startswith("/token") else self.registry
        link = await self._link(address)
        link[1].write(head.raw + body)
        answer = await wire.read_head(link[0])
        await asyncio.sleep(self.delay_s)
        if answer is None or "transfer-encoding" in answer.fields:
            link[1].close()
            writer.write(_BAD_GATEWAY)
            return
        # The token service speaks HTTP/1.0; the client's connection stays open all the same.
        writer.write(b"HTTP/1.1" + answer.raw[len("HTTP/1.x") :])
        await wire.pass_on(link[0], writer, _body_length(head, answer))
        if answer.keeps_alive:
            self._idle[address].append(link)
        else:
            link[1].close()

    async def _link(self, address: Address) -> Link:
        while self._idle[address]:
            link = self._idle[address].pop()
            if not link[0].at_eof():
                return link
            link[1].close()
        return await asyncio.open_connection(*address)


def _kind(head: Head) -> str:
    """What is asked for; of a manifest, how."""
    method, path = head.words[0], head.words[1].partition("?")[0]
    if "/manifests/" in path:
        return method
    if "/blobs/" in path:
        return "blob"
    return {"/v2/": "ping", "/token": "token"}.get(path, "other")


def _body_length(request: Head, answer: Head) -> int:
    is_bare = request.words[0] == "HEAD" or answer.words[1] in ("204", "304")
    return 0 if is_bare else answer.length


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)


async def main() -> None:
    proxy = Proxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=256)
    host, port = server.sockets[0].getsockname()

    async def answer(command: Json) -> Json:
        proxy.obey(command)
        seen = proxy.counts
        said: Json = {
            "address": f"{host}:{port}",
            "requests": dict(seen.requests),
            "refused": seen.refused,
            "opened": seen.opened,
            "peak_open": seen.peak_open,
            "peak_busy": seen.peak_busy,
        }
        if command.get("reset"):
            seen.reset()
        return said

    await serve_beside(answer)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
