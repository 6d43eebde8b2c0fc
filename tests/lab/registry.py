"""The real docker-registry, in the kinds people run it: open, htpasswd, token; plain or TLS."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import bcrypt
from requests import Response, Session

from tests.lab.authority import Authority
from tests.lab.images import Image, ImageSpec, build
from tests.lab.missing import LabError, program
from tests.lab.ports import answers, free_port
from tests.lab.process import Process
from tests.lab.token_server import SERVICE, TokenServer

USERNAME = "robot"
PASSWORD = "s3cret-robot"
_LOGGED = re.compile(r'"(GET|HEAD|PUT|POST|PATCH) (\S+) HTTP/[\d.]+" (\d+)')


@dataclass(frozen=True, slots=True)
class Logged:
    """One request, as the registry's access log has it."""

    method: str
    path: str
    status: int


class Registry:
    """One registry below `root`."""

    username = USERNAME
    password = PASSWORD

    def __init__(
        self,
        root: Path,
        auth: Literal["none", "htpasswd", "token"] = "none",
        tls: Authority | None = None,
        port: int = 0,
    ) -> None:
        self.root = root
        self.auth = auth
        self.tls = tls
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.token_server = TokenServer(tls, {USERNAME: PASSWORD}) if auth == "token" else None
        self.process = Process(
            [program("docker-registry"), "serve", str(root / "config.yml")],
            root / "registry.log",
            {"OTEL_TRACES_EXPORTER": "none"},
        )
        self._pushed: set[str] = set()

    @property
    def ca_pem(self) -> str:
        return self.tls.ca_pem if self.tls else ""

    @property
    def base_url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.address}"

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if self.token_server:
            self.token_server.start()
        (self.root / "config.yml").write_text(self._config())
        self.process.start(lambda: answers(self.port))

    def stop(self) -> None:
        self.process.stop()
        if self.token_server:
            self.token_server.stop()

    def requests(self) -> list[Logged]:
        """All requests so far, the lab's own pushes left out."""
        found = _LOGGED.findall((self.root / "registry.log").read_text(errors="replace"))
        logged = [Logged(method, path, int(status)) for method, path, status in found]
        return [one for one in logged if "lab-push" not in one.path]

    def push(self, repository: str, tag: str, spec: ImageSpec | Image) -> str:
        """Store an image under a tag, by the registry's API; the digest of its manifest."""
        image = spec if isinstance(spec, Image) else build(spec)
        with Session() as http:
            http.trust_env = False
            http.verify = str(self._ca_file()) if self.tls else True
            self._sign_in(http, repository)
            for blob in image.blobs:
                if f"{repository}@{blob.digest}" not in self._pushed:
                    self._push_blob(http, repository, blob.digest, blob.data)
            answer = http.put(
                f"{self.base_url}/v2/{repository}/manifests/{tag}?by=lab-push",
                data=image.manifest.data,
                headers={"Content-Type": image.manifest.media_type},
            )
        _expect(answer, 201)
        return str(answer.headers["Docker-Content-Digest"])

    def delete(self, repository: str, digest: str) -> None:
        """Take a manifest away, and with it the tags that name it."""
        with Session() as http:
            http.trust_env = False
            _expect(http.delete(f"{self.base_url}/v2/{repository}/manifests/{digest}"), 202)

    def _push_blob(
        self, http: Session, repository: str, digest: str, data: bytes
    ) -> None:
        url = f"{self.base_url}/v2/{repository}/blobs/uploads/?by=lab-push"
        started = http.post(url)
        _expect(started, 202)
        location = started.headers["Location"]
        joint = "&" if "?" in location else "?"
        _expect(http.put(f"{location}{joint}digest={digest}&by=lab-push", data=data), 201)
        self._pushed.add(f"{repository}@{digest}")

    def _sign_in(self, http: Session, repository: str) -> None:
        if self.auth == "htpasswd":
            http.auth = (USERNAME, PASSWORD)
        if self.token_server:
            token = self.token_server.sign(USERNAME, repository, ["pull", "push"])
            http.headers["Authorization"] = f"Bearer {token}"

    def _ca_file(self) -> Path:
        path = self.root / "ca.pem"
        if not path.exists():
            path.write_text(self.ca_pem)
        return path

    def _config(self) -> str:
        lines = [
            "version: 0.1",
            "log: {level: info, accesslog: {disabled: false}}",
            f"storage: {{filesystem: {{rootdirectory: {self.root / 'store'}}}, "
            "delete: {enabled: true}}",
            "http:",
            f"  addr: {self.address}",
            "  secret: lab",
        ]
        if self.tls:
            certificate, key = self.tls.server(self.root / "tls")
            lines.append(f"  tls: {{certificate: {certificate}, key: {key}}}")
        if self.auth == "htpasswd":
            hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, prefix=b"2a")).decode()
            (self.root / "htpasswd").write_text(f"{USERNAME}:{hashed}\n")
            lines.append(f"auth: {{htpasswd: {{realm: lab, path: {self.root / 'htpasswd'}}}}}")
        if self.token_server:
            bundle = self.root / "signer.pem"
            bundle.write_text(self.token_server.certificate_pem)
            lines.append(
                f'auth: {{token: {{realm: "{self.token_server.realm}", service: {SERVICE}, '
                f"issuer: lab, rootcertbundle: {bundle}}}}}"
            )
        return "\n".join(lines) + "\n"


def _expect(answer: Response, status: int) -> None:
    if answer.status_code != status:
        raise LabError(f"The registry answered {answer.status_code}: {answer.text[:300]}")
