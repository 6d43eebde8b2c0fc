"""The two doors of the clouds that hand out short-lived logins, on loopback.

POST / is Amazon ECR's GetAuthorizationToken: it checks the signature (AWS Signature Version 4)
against the access keys it knows. POST /token is Google's token service: it checks the signed
assertion against the service accounts it knows. What was asked is in `seen`.
"""

import base64
import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self, cast
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.fakes.loopback import LoopbackServer

ECR_OPERATION = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"
ECR_LIFE_S = 12 * 3600
GOOGLE_LIFE_S = 3599
_AUDIENCE = "https://oauth2.googleapis.com/token"  # Wherever the token service is.
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>\w+)/"
    r"(?P<scope>\d{8}/(?P<region>[\w-]+)/ecr/aws4_request),"
    r" SignedHeaders=(?P<headers>[\w;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(slots=True)
class Asked:
    """One request that was in order. `who` is the access key ID or the account's e-mail."""

    who: str
    region: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(slots=True)
class FakeCloud:
    """Use as a context manager. `status` with `body` replaces every answer."""

    access_keys: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, rsa.RSAPublicKey] = field(default_factory=dict)
    status: int = 0
    body: bytes = b""
    requests: int = 0
    seen: list[Asked] = field(default_factory=list)
    _server: LoopbackServer = field(init=False)

    def __enter__(self) -> Self:
        self._server = LoopbackServer("127.0.0.1", self, _Handler)
        self._server.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return f"http://{self._server.address}"

    def service_account(self, email: str = "robot@project.iam.gserviceaccount.com") -> str:
        """The JSON key of a new service account, as Google lets it be downloaded."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.accounts[email] = key.public_key()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "1",
                "private_key": pem,
                "client_email": email,
                "token_uri": f"{self.url}/token",
            }
        )

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        """(status, document or bytes) for a request."""
        self.requests += 1
        if self.status:
            return self.status, self.body
        if handler.path == "/token":
            return self._google(body)
        return self._ecr(handler, body)

    def _ecr(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        match = _AUTHORIZATION.fullmatch(handler.headers["Authorization"])
        assert match
        assert handler.headers["X-Amz-Target"] == ECR_OPERATION
        secret = self.access_keys.get(match["key"])
        if secret is None:
            return 400, _aws_error("UnrecognizedClientException", f"No key {match['key']}.")
        if not hmac.compare_digest(match["signature"], _signature(handler, body, match, secret)):
            return 400, _aws_error("InvalidSignatureException", "The signature does not match.")
        self.seen.append(Asked(match["key"], match["region"]))
        token = base64.b64encode(f"AWS:ecr-t0ken-{len(self.seen)}".encode()).decode()
        return 200, {
            "authorizationData": [
                {"authorizationToken": token, "expiresAt": time.time() + ECR_LIFE_S}
            ]
        }

    def _google(self, body: bytes) -> tuple[int, Any]:
        form = parse_qs(body.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assertion = form["assertion"][0]
        who = jwt.decode(assertion, options={"verify_signature": False})["iss"]
        try:
            claims = jwt.decode(assertion, self.accounts[who], ["RS256"], audience=_AUDIENCE)
        except (KeyError, jwt.InvalidTokenError):
            # The real one does not repeat the assertion; what if it did?
            return 400, {"error": "invalid_grant", "error_description": assertion}
        self.seen.append(Asked(who, scopes=tuple(claims["scope"].split())))
        token = f"google-t0ken-{len(self.seen)}"
        return 200, {"access_token": token, "expires_in": GOOGLE_LIFE_S, "token_type": "Bearer"}


def _aws_error(code: str, message: str) -> dict[str, str]:
    return {"__type": code, "message": message}


def _signature(
    handler: BaseHTTPRequestHandler, body: bytes, match: re.Match[str], secret: str
) -> str:
    """What the request's signature has to be. Source: AWS's signing documentation."""
    names = match["headers"].split(";")
    headers = "".join(f"{name}:{handler.headers[name].strip()}\n" for name in names)
    canonical = f"POST\n/\n\n{headers}\n{match['headers']}\n{hashlib.sha256(body).hexdigest()}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{handler.headers['X-Amz-Date']}\n{match['scope']}\n{digest}"
    key = f"AWS4{secret}".encode()
    for part in match["scope"].split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        owner = cast(FakeCloud, cast(LoopbackServer, self.server).owner)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, document = owner.answer(self, body)
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Quiet."""
