"""A registry with its token service, on loopback, that misbehaves as its switches say.

A stateful stand-in for what the real docker-registry cannot be made to do. It speaks real
HTTP over real sockets; everything it was asked is in `seen`.
"""

import base64
import hashlib
import json
import ssl
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self, cast
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived. `authorization` is "", "Basic" or "Bearer"."""

    kind: str
    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    authorization: str
    accept: str


@dataclass(slots=True)
class Behaviour:
    """The switches. `status` and `garbage` concern manifests; 0 and None switch them off."""

    auth: str = "none"
    challenge: str = ""
    realm: str = ""
    omit_digest: bool = False
    head_status: int = 0
    status: int = 0
    token_status: int = 0
    failures_left: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    garbage: bytes | None = None
    garbage_type: str = "text/html"
    redirect_to: str = ""
    token_life_s: int | None = 300
    token_fields: tuple[str, ...] = ("token", "access_token")
    token_body: bytes | None = None
    delay_s: float = 0.0


class FakeRegistry:
    """Use as a context manager. `username` and `password` are the only ones it takes."""

    username = "robot"
    password = "s3cret-robot"
    identity_token = "1dentity-robot"

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = Behaviour()
        self.seen: list[Seen] = []
        self.manifests: dict[tuple[str, str], bytes] = {}
        self.valid_tokens: set[str] = set()
        self._issued = 0
        self._lock = threading.Lock()
        self._server = LoopbackServer(host, self, _Handler, tls)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.stop()

    @property
    def address(self) -> str:
        return self._server.address

    @property
    def url(self) -> str:
        return f"{'https' if self._server.tls else 'http'}://{self.address}"

    @property
    def realm(self) -> str:
        return self.behaviour.realm or f"{self.url}/token"

    def put(self, repository: str, tag: str = "latest", content: str = "1") -> str:
        """Let a tag name an index made of the content; the digest it now has."""
        document = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "annotations": {"c": content}}
        body = json.dumps(document).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        with self._lock:
            self.manifests[repository, tag] = self.manifests[repository, digest] = body
        return digest

    @property
    def connections(self) -> int:
        """How many connections were opened."""
        return self._server.connections

    def counts(self) -> Counter[str]:
        """How often each kind of request came: ping, token, manifest."""
        return Counter(request.kind for request in self.seen)

    def forget(self) -> None:
        """Empty the list of what was seen, and let the tokens given out be."""
        self.seen.clear()

    def revoke_tokens(self) -> None:
        """Take back every token given out, before its time."""
        self.valid_tokens.clear()

    def note(self, request: Seen) -> None:
        with self._lock:
            self.seen.append(request)

    def take_failure(self) -> bool:
        """Whether this request is one of those that fail and then stop failing."""
        with self._lock:
            self.behaviour.failures_left -= 1
            return self.behaviour.failures_left >= 0

    def new_token(self) -> str:
        with self._lock:
            self._issued += 1
            token = f"t0ken-{self._issued}"
            self.valid_tokens.add(token)
            return token

    @property
    def tokens_issued(self) -> int:
        return self._issued

    def knows(self, authorization: str) -> bool:
        pair = f"{self.username}:{self.password}".encode()
        return authorization == f"Basic {base64.b64encode(pair).decode()}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def registry(self) -> FakeRegistry:
        return cast("FakeRegistry", cast(LoopbackServer, self.server).owner)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silence."""

    def do_GET(self) -> None:
        self._handle()

    def do_HEAD(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        kind = "ping" if parts.path == "/v2/" else "token"
        kind = "manifest" if "/manifests/" in parts.path else kind
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        seen = Seen(
            kind,
            self.command,
            parts.path,
            parse_qs(parts.query),
            parse_qs(body),
            self.headers.get("Authorization", "").partition(" ")[0],
            self.headers.get("Accept", ""),
        )
        self.registry.note(seen)
        time.sleep(self.registry.behaviour.delay_s)
        if kind == "manifest":
            self._manifest(seen)
        elif kind == "token":
            self._token(seen)
        elif self._is_let_in(""):
            self._answer(200, b"{}", "application/json")

    def _manifest(self, seen: Seen) -> None:
        behaviour = self.registry.behaviour
        repository, _, target = seen.path.removeprefix("/v2/").partition("/manifests/")
        body = self.registry.manifests.get((repository, target))
        if self.registry.take_failure():
            self._answer(503)
        elif not self._is_let_in(f"repository:{repository}:pull"):
            return
        elif behaviour.redirect_to:
            self._answer(307, headers={"Location": behaviour.redirect_to + self.path})
        elif status := behaviour.status or (self.command == "HEAD" and behaviour.head_status):
            self._answer(status)
        elif behaviour.garbage is not None:
            self._answer(200, behaviour.garbage, behaviour.garbage_type)
        elif body is None:
            self._answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', "application/json")
        else:
            digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
            given = {} if behaviour.omit_digest else {"Docker-Content-Digest": digest}
            self._answer(200, body, INDEX_TYPE, given)

    def _token(self, seen: Seen) -> None:
        registry, behaviour = self.registry, self.registry.behaviour
        header = self.headers.get("Authorization", "")
        is_known = (not header and not seen.form) or registry.knows(header)
        is_known |= seen.form.get("refresh_token") == [registry.identity_token]
        if behaviour.token_status or not is_known:
            self._answer(behaviour.token_status or 401)
            return
        token = registry.new_token()
        document: dict[str, Any] = dict.fromkeys(behaviour.token_fields, token)
        if behaviour.token_life_s is not None:
            document["expires_in"] = behaviour.token_life_s
        body = behaviour.token_body
        self._answer(200, json.dumps(document).encode() if body is None else body)

    def _is_let_in(self, scope: str) -> bool:
        """Whether the request may pass; if not, it has been answered with a challenge."""
        registry, behaviour = self.registry, self.registry.behaviour
        header = self.headers.get("Authorization", "")
        is_good = {
            "none": True,
            "basic": registry.knows(header),
            "bearer": header.removeprefix("Bearer ") in registry.valid_tokens,
        }[behaviour.auth]
        if not is_good:
            bearer = f'Bearer realm="{registry.realm}",service="fake"'
            bearer += f',scope="{scope}"' if scope else ""
            challenge = 'Basic realm="fake"' if behaviour.auth == "basic" else bearer
            self._answer(401, headers={"WWW-Authenticate": behaviour.challenge or challenge})
        return is_good

    def _answer(
        self,
        status: int,
        body: bytes = b"",
        content_type: str = "text/plain",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        everything = {"Content-Type": content_type, "Content-Length": str(len(body))}
        everything |= (headers or {}) | self.registry.behaviour.headers
        for name, value in everything.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
