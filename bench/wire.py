"""HTTP/1.1 as far as the servers of the benches need it: heads, and bodies of a known length."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

_CHUNK_BYTES = 1 << 16
_TLS_HANDSHAKE = b"\x16"


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a request or an answer, as words, and its fields by lower-case name."""

    words: tuple[str, str, str]
    fields: Mapping[str, str]
    raw: bytes

    @property
    def length(self) -> int:
        """Bytes of the body; 0 if none is announced."""
        return int(self.fields.get("content-length", 0))

    @property
    def keeps_alive(self) -> bool:
        is_newer = "HTTP/1.1" in (self.words[0], self.words[2])
        return is_newer and self.fields.get("connection", "").lower() != "close"


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """None at the end of the connection, and when its peer went away in the middle."""
    try:
        begun = await reader.readexactly(1)
        if begun == _TLS_HANDSHAKE:
            return None  # An engine tries TLS first, and would wait ten seconds for an answer.
        raw = begun + await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
    one, two, three = [*first.split(" ", 2), "", ""][:3]
    pairs = (line.partition(":") for line in lines)
    return Head((one, two, three), {name.lower(): text.strip() for name, _, text in pairs}, raw)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    """`length` bytes from one to the other. Raises ConnectionError if they do not come."""
    while length > 0:
        chunk = await reader.read(min(length, _CHUNK_BYTES))
        if not chunk:
            raise ConnectionResetError("The body ends too soon.")
        writer.write(chunk)
        await writer.drain()
        length -= len(chunk)


def answer(status: str, body: bytes = b"", fields: Mapping[str, str] | None = None) -> bytes:
    """A whole answer, e.g. of status "200 OK"; its connection stays open."""
    everything = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{name}: {text}" for name, text in (everything | dict(fields or {})).items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body
