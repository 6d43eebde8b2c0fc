"""A private Docker Engine: own data, containerd and socket; no default bridge, no firewall."""

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

import docker

from tests.lab import leftovers
from tests.lab.authority import Authority
from tests.lab.missing import LabError, program
from tests.lab.ports import free_port
from tests.lab.process import Process

# Without a containerd of its own an engine takes the machine's, and with it the machine's
# containers. It is the engine's child and ends with it, as when an engine starts one itself.
_BOTH = 'setpriv --pdeathsig KILL "$0" --config "$1" & shift; exec "$@"'
_CONTAINERD = """\
version = 2
root = "{root}/containerd"
state = "{root}/exec/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "{root}/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "{root}/opt"
"""


class Dockerd:
    """One engine below `root`. Nothing of it is left after `stop`."""

    def __init__(self, root: Path, tls: Authority | None = None) -> None:
        self.root = root.resolve()
        self.socket = self.root / "docker.sock"
        self.url = f"unix://{self.socket}"
        self.tls = tls
        self.tls_port = free_port() if tls else 0
        self.tls_url = f"tcp://127.0.0.1:{self.tls_port}" if tls else ""
        self.process = Process(self._argv(), self.root / "dockerd.log")

    def start(self) -> None:
        """Start it and wait until it answers. Raises LabError."""
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "containerd.toml").write_text(_CONTAINERD.format(root=self.root))
        if self.tls is not None:
            self.tls.server(self.root / "tls")
            (self.root / "tls" / "ca.pem").write_text(self.tls.ca_pem)
        self.process.start(self.answers, timeout_s=60)

    def api(self) -> docker.APIClient:
        """docker-py's client to it; the caller closes it."""
        return docker.APIClient(base_url=self.url, version="auto", timeout=60)

    def stop(self) -> None:
        """Remove its containers and networks, end it, and take away what it left."""
        if self.root.exists():
            self._clear_even_if_killed()
        self.process.stop()
        leftovers.end_processes(self.root)
        leftovers.unmount(self.root)

    def kill(self) -> None:
        """SIGKILL, as a crash would; its containers go on."""
        self.process.kill()

    def restart(self) -> None:
        """Start it again, after `kill` or while it runs; the data stays."""
        self.process.stop()
        (self.root / "docker.pid").unlink(missing_ok=True)
        self.process.start(self.answers, timeout_s=60)

    def clear(self) -> None:
        """Remove every container, network, volume and image."""
        with contextlib.closing(self.api()) as api:
            _remove_containers(api)
            _remove_networks(api)
            for volume in api.volumes()["Volumes"] or ():
                api.remove_volume(volume["Name"], force=True)
            api.prune_images(filters={"dangling": False})

    def answers(self) -> bool:
        """True if it can be asked something now."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
                return b" 200 OK" in connection.recv(64)
            except OSError:
                return False

    def _clear_even_if_killed(self) -> None:
        with contextlib.suppress(LabError, docker.errors.DockerException, OSError):
            if not self.answers():
                self.restart()
            with contextlib.closing(self.api()) as api:
                _remove_containers(api)
                _remove_networks(api)  # Their bridges would stay on the machine.

    def _argv(self) -> list[str]:
        engine = [
            self._program("dockerd"),
            f"--data-root={self.root / 'data'}",
            f"--exec-root={self.root / 'exec'}",
            f"--pidfile={self.root / 'docker.pid'}",
            f"--containerd={self.root / 'containerd.sock'}",
            f"--host={self.url}",
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--shutdown-timeout=5",
            *self._tls_argv(),
        ]
        containerd = [self._program("containerd"), str(self.root / "containerd.toml")]
        return ["/bin/sh", "-c", _BOTH, *containerd, *engine]

    def _program(self, name: str) -> str:
        return program(name)

    def _tls_argv(self) -> list[str]:
        if self.tls is None:
            return []
        folder = self.root / "tls"
        return [
            f"--host={self.tls_url}",
            "--tlsverify",
            f"--tlscacert={folder / 'ca.pem'}",
            f"--tlscert={folder / 'server.pem'}",
            f"--tlskey={folder / 'server.key'}",
        ]


def pull(
    api: docker.APIClient, repository: str, tag: str, auth: Mapping[str, str] | None = None
) -> None:
    """Pull to the end. Raises LabError with the engine's own words: docker-py hides some."""
    try:
        lines = list(
            api.pull(repository, tag=tag, auth_config=dict(auth or {}), stream=True, decode=True)
        )
    except docker.errors.APIError as error:
        raise LabError(f"{repository}:{tag} was not pulled: {error.explanation}") from error
    for line in lines:
        if "error" in line:
            raise LabError(f"{repository}:{tag} was not pulled: {line['error']}")


def _remove_containers(api: docker.APIClient) -> None:
    for container in api.containers(all=True):
        # One that ran with --rm may be gone by itself, or be going.
        with contextlib.suppress(docker.errors.APIError):
            api.remove_container(container["Id"], force=True, v=True)


def _remove_networks(api: docker.APIClient) -> None:
    for network in api.networks():
        if network["Name"] not in ("bridge", "host", "none"):
            with contextlib.suppress(docker.errors.NotFound):
                api.remove_network(network["Id"])
