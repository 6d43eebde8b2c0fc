"""A registry with its token service, on loopback, that misbehaves as its switches say.

A stateful stand-in for what the real docker-registry cannot be made to do. It speaks real
HTTP over real sockets; everything it was asked is in `seen`.
"""

import base64
import hashlib
import json
import ssl
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from tests.fakes.loopback import LoopbackServer
from tests.fakes.registry_http import Handler, Seen

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"


@dataclass(slots=True)
class Behaviour:
    """The switches. `status` and `garbage` concern manifests; 0 and None switch them off.

    `failures_left` manifests are answered by 503, `refusals_left` by 429. With `has_etags` what
    has not changed is a 304. Nothing is answered before as many came as meet at `together`.
    Manifests are redirected to `redirect_to`, blobs to `blobs_at`.
    """

    auth: str = "none"
    challenge: str = ""
    realm: str = ""
    omit_digest: bool = False
    head_status: int = 0
    status: int = 0
    token_status: int = 0
    token_refusal: bytes = b""
    failures_left: int = 0
    refusals_left: int = 0
    has_etags: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    garbage: bytes | None = None
    garbage_type: str = "text/html"
    redirect_to: str = ""
    blobs_at: str = ""
    token_life_s: int | None = 300
    token_fields: tuple[str, ...] = ("token", "access_token")
    token_body: bytes | None = None
    delay_s: float = 0.0
    together: threading.Barrier | None = None


class FakeRegistry:
    """Use as a context manager. `username` and `password` are the only ones it takes."""

    username = "robot"
    password = "s3cret-robot"
    identity_token = "1dentity-robot"

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = Behaviour()
        self.seen: list[Seen] = []
        self.manifests: dict[tuple[str, str], bytes] = {}
        self.blobs: dict[str, bytes] = {}
        self.valid_tokens: set[str] = set()
        self._issued = 0
        self._lock = threading.Lock()
        self._server = LoopbackServer(host, self, Handler, tls)

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
        return self.put_document(repository, tag, document)

    def put_index(
        self, repository: str, entries: Sequence[dict[str, Any]], tag: str = "latest"
    ) -> str:
        """Let a tag name an index of these entries; its digest."""
        document = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": list(entries)}
        return self.put_document(repository, tag, document)

    def put_image(self, repository: str, config: bytes, tag: str = "latest") -> str:
        """Let a tag name the manifest of an image with this config; its digest."""
        digest = _sha256(config)
        self.blobs[digest] = config
        document = {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": {"digest": digest, "size": len(config)},
            "layers": [],
        }
        return self.put_document(repository, tag, document)

    def put_document(self, repository: str, tag: str, document: dict[str, Any]) -> str:
        """Let a tag name a manifest of the test's own making; its digest."""
        body = json.dumps(document).encode()
        digest = _sha256(body)
        with self._lock:
            self.manifests[repository, tag] = self.manifests[repository, digest] = body
        return digest

    @property
    def connections(self) -> int:
        """How many connections were opened."""
        return self._server.connections

    def counts(self) -> Counter[str]:
        """How often each kind of request came: ping, token, manifest, blob."""
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

    def take_failure(self) -> int:
        """The status of a request that is one of those that fail and then stop failing; or 0."""
        with self._lock:
            if self.behaviour.failures_left > 0:
                self.behaviour.failures_left -= 1
                return 503
            if self.behaviour.refusals_left > 0:
                self.behaviour.refusals_left -= 1
                return 429
            return 0

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


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
