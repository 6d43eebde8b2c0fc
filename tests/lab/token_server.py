"""A token service whose tokens the real registry verifies.

Source: distribution's token authentication specification.
"""

import base64
import datetime as dt
import json
import ssl
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.lab.authority import Authority

SERVICE = "lab-registry"
ISSUER = "lab"


class TokenServer:
    """Signs tokens for its users, and for anybody on repositories below public/.

    `lifetime_s` can be changed at any time; `requests` has the scope of each token asked for.
    """

    def __init__(self, tls: Authority | None, users: Mapping[str, str]) -> None:
        self.users = dict(users)
        self.lifetime_s = 300
        self.requests: list[str] = []
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = _self_signed(self._key)
        self._thread: threading.Thread | None = None
        self._server = _Server(self)
        if tls is not None:
            self._server.socket = _wrapped(tls, self._server)
        scheme = "https" if tls else "http"
        self.realm = f"{scheme}://127.0.0.1:{self._server.server_address[1]}/token"

    @property
    def certificate_pem(self) -> str:
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.daemon = True
        self._thread.start()

    def stop(self) -> None:
        """End it. Harmless when it was never started."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def sign(self, subject: str, repository: str, actions: list[str]) -> str:
        """A token for one repository."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": subject,
            "aud": SERVICE,
            "exp": now + self.lifetime_s,
            "nbf": now - 10,
            "iat": now,
            "jti": str(uuid.uuid4()),
            "access": [{"type": "repository", "name": repository, "actions": actions}],
        }
        der = self._certificate.public_bytes(serialization.Encoding.DER)
        header = {"x5c": [base64.b64encode(der).decode()]}
        return jwt.encode(claims, self._key, algorithm="ES256", headers=header)

    def answer(self, query: str, authorization: str) -> tuple[int, dict[str, Any]]:
        """(status, body) of a token request."""
        scope = (parse_qs(query).get("scope") or [""])[0]
        self.requests.append(scope)
        user = self._user(authorization)
        if user is None:
            return 401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong password"}]}
        repository = scope.split(":")[1] if scope.count(":") >= 2 else ""
        allowed = ["pull"] if user or repository.startswith("public/") else []
        token = self.sign(user, repository, allowed)
        return 200, {"token": token, "expires_in": self.lifetime_s}

    def _user(self, authorization: str) -> str | None:
        if not authorization.startswith("Basic "):
            return ""
        name, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
        return name if self.users.get(name) == password else None


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # With five, a crowd of clients waits a second for its second try.
    daemon_threads = True

    def __init__(self, tokens: TokenServer) -> None:
        self.tokens = tokens
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        query = urlsplit(self.path).query
        status, body = self.server.tokens.answer(query, self.headers.get("Authorization", ""))
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _wrapped(tls: Authority, server: _Server) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        context.load_cert_chain(*tls.server(Path(folder)))
    # The handshake belongs to the connection's own thread: one that never comes blocks nobody.
    return context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab token signer")])
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
