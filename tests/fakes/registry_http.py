"""How the fake registry answers: one handler a connection, its manners in `Behaviour`."""

import hashlib
import json
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from tests.fakes.loopback import LoopbackServer

if TYPE_CHECKING:
    from tests.fakes.registry import FakeRegistry


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
    if_none_match: str = ""
    cookie: str = ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def registry(self) -> "FakeRegistry":
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
        kind = "blob" if "/blobs/" in parts.path else kind
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        seen = Seen(
            kind,
            self.command,
            parts.path,
            parse_qs(parts.query),
            parse_qs(body),
            self.headers.get("Authorization", "").partition(" ")[0],
            self.headers.get("Accept", ""),
            self.headers.get("If-None-Match", ""),
            self.headers.get("Cookie", ""),
        )
        self.registry.note(seen)
        time.sleep(self.registry.behaviour.delay_s)
        if together := self.registry.behaviour.together:
            together.wait(5)
        if kind == "manifest":
            self._manifest(seen)
        elif kind == "blob":
            self._blob(seen)
        elif kind == "token":
            self._token(seen)
        elif self._is_let_in(""):
            self._answer(200, b"{}", "application/json")

    def _manifest(self, seen: Seen) -> None:
        behaviour = self.registry.behaviour
        repository, _, target = seen.path.removeprefix("/v2/").partition("/manifests/")
        body = self.registry.manifests.get((repository, target))
        if status := self.registry.take_failure():
            self._answer(status)
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
            given |= {"ETag": f'"{digest}"'} if behaviour.has_etags else {}
            if behaviour.has_etags and seen.if_none_match == f'"{digest}"':
                self._answer(304)
            else:
                self._answer(
                    200, body, json.loads(body).get("mediaType", "application/json"), given
                )

    def _blob(self, seen: Seen) -> None:
        repository, _, digest = seen.path.removeprefix("/v2/").partition("/blobs/")
        body = self.registry.blobs.get(digest)
        if not self._is_let_in(f"repository:{repository}:pull"):
            return
        if self.registry.behaviour.blobs_at:
            location = self.registry.behaviour.blobs_at + self.path
            self._answer(307, headers={"Location": location})
        else:
            self._answer(404 if body is None else 200, body or b"")

    def _token(self, seen: Seen) -> None:
        registry, behaviour = self.registry, self.registry.behaviour
        header = self.headers.get("Authorization", "")
        is_known = (not header and not seen.form) or registry.knows(header)
        is_known |= seen.form.get("refresh_token") == [registry.identity_token]
        if behaviour.token_status or not is_known:
            self._answer(behaviour.token_status or 401, behaviour.token_refusal)
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
