"""The real docker-registry, in the kinds people run it: open, htpasswd, token; plain or TLS."""

import re
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import bcrypt
from requests import Response, Session

from tests.lab.authority import Authority
from tests.lab.images import Blob, Image, ImageSpec, build
from tests.lab.missing import LabError, program
from tests.lab.ports import answers, free_port
from tests.lab.process import Process
from tests.lab.token_server import SERVICE, TokenServer

Kind = Literal["none", "htpasswd", "token"]
USERNAME = "robot"
PASSWORD = "s3cret-robot"
_AGENT = "watchweb-lab"
# 127.0.0.1 - - [date] "HEAD /v2/app/manifests/1 HTTP/1.1" 200 1234 "" "docker/20.10"
_LOGGED = re.compile(r'"([A-Z]+) (\S+) HTTP/[\d.]+" (\d+) \d+ "[^"]*" "([^"]*)"')


@dataclass(frozen=True, slots=True)
class Logged:
    """One request, as the registry's access log has it."""

    method: str
    path: str
    status: int
    agent: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a registry tells of pushes, and the header Authorization it sends."""

    url: str
    authorization: str


class Registry:
    """One registry below `root`. It `tells` an endpoint of pushes, if it has one."""

    username = USERNAME
    password = PASSWORD

    def __init__(
        self,
        root: Path,
        auth: Kind = "none",
        tls: Authority | None = None,
        port: int = 0,
        tells: Endpoint | None = None,
    ) -> None:
        self.root = root
        self.auth = auth
        self.tls = tls
        self.tells = tells
        self.port = port or free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.token_server = TokenServer(tls, {USERNAME: PASSWORD}) if auth == "token" else None
        self.process = Process(
            [program("docker-registry"), "serve", str(root / "config.yml")],
            root / "registry.log",
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
        """All requests answered so far; the lab's own are left out."""
        found = _LOGGED.findall(self._settled_log())
        logged = (Logged(method, path, int(status), agent) for method, path, status, agent in found)
        return [one for one in logged if one.agent != _AGENT]

    def push(self, repository: str, tag: str, spec: ImageSpec | Image) -> str:
        """Store an image under a tag, by the registry's API; the digest of its manifest."""
        image = spec if isinstance(spec, Image) else build(spec)
        with self._session(repository) as http:
            for blob in image.blobs:
                if f"{repository}@{blob.digest}" not in self._pushed:
                    self._push_blob(http, repository, blob)
            answer = http.put(
                f"{self.base_url}/v2/{repository}/manifests/{tag}",
                data=image.manifest.data,
                headers={"Content-Type": image.manifest.media_type},
            )
        _expect(answer, 201)
        return str(answer.headers["Docker-Content-Digest"])

    def delete(self, repository: str, digest: str) -> None:
        """Take a manifest away, and with it the tags that name it."""
        with self._session(repository) as http:
            _expect(http.delete(f"{self.base_url}/v2/{repository}/manifests/{digest}"), 202)

    def _push_blob(self, http: Session, repository: str, blob: Blob) -> None:
        started = http.post(f"{self.base_url}/v2/{repository}/blobs/uploads/")
        _expect(started, 202)
        location = started.headers["Location"]
        joint = "&" if "?" in location else "?"
        _expect(http.put(f"{location}{joint}digest={blob.digest}", data=blob.data), 201)
        self._pushed.add(f"{repository}@{blob.digest}")

    def _session(self, repository: str) -> Session:
        """The lab's own client: it may do anything in the repository."""
        http = Session()
        http.trust_env = False
        http.verify = str(self._ca_file()) if self.tls else True
        http.headers["User-Agent"] = _AGENT
        if self.auth == "htpasswd":
            http.auth = (USERNAME, PASSWORD)
        if self.token_server:
            token = self.token_server.sign(USERNAME, repository, ["pull", "push", "delete"])
            http.headers["Authorization"] = f"Bearer {token}"
        return http

    def _settled_log(self) -> str:
        """The log, once it has a request made now: a line is written after its answer was sent."""
        mark = f"mark={uuid.uuid4()}"
        with self._session("") as http:
            http.get(f"{self.base_url}/v2/?{mark}")
        log = self.process.log.read_text(errors="replace")
        end = time.monotonic() + 5
        while f"/v2/?{mark} HTTP" not in log and time.monotonic() < end:
            time.sleep(0.01)
            log = self.process.log.read_text(errors="replace")
        return log

    def _ca_file(self) -> Path:
        path = self.root / "ca.pem"
        if not path.exists():
            path.write_text(self.ca_pem)
        return path

    def _config(self) -> str:
        store = (
            f"{{filesystem: {{rootdirectory: {self.root / 'store'}}}, delete: {{enabled: true}}}}"
        )
        lines = [
            "version: 0.1",
            "log: {level: info, accesslog: {disabled: false}}",
            f"storage: {store}",
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
        if self.tells:
            lines += [
                "notifications:",
                "  endpoints:",
                "    - name: watchweb",
                f"      url: {self.tells.url}",
                f"      headers: {{Authorization: [{self.tells.authorization}]}}",
                "      timeout: 5s",
                "      threshold: 3",
                "      backoff: 1s",
            ]
        return "\n".join(lines) + "\n"


def _expect(answer: Response, status: int) -> None:
    if answer.status_code != status:
        raise LabError(f"The registry answered {answer.status_code}: {answer.text[:300]}")
