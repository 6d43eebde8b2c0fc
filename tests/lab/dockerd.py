"""A private Docker Engine: own data, own socket, no bridge of its own, no firewall rules."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import docker

from tests.lab.authority import Authority
from tests.lab.missing import program
from tests.lab.ports import free_port
from tests.lab.process import Process

API = "1.41"


class Dockerd:
    """One engine below `root`. Nothing of it is left after `stop`."""

    def __init__(self, root: Path, tls: Authority | None = None) -> None:
        self.root = root
        self.socket = root / "docker.sock"
        self.url = f"unix://{self.socket}"
        self.tls = tls
        self.tls_port = free_port() if tls else 0
        self.tls_url = f"tcp://127.0.0.1:{self.tls_port}" if tls else ""
        self.process = Process(self._argv(), root / "dockerd.log")

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if self.tls is not None:
            self.tls.server(self.root / "tls")
            (self.root / "tls" / "ca.pem").write_text(self.tls.ca_pem)
        self.process.start(self._answers, timeout_s=60)

    def api(self) -> docker.APIClient:
        """docker-py's client to it; the caller closes it."""
        return docker.APIClient(base_url=self.url, version=API, timeout=60)

    def stop(self) -> None:
        """Remove its containers, end it, and unmount what it left."""
        if self._answers():
            self.remove_containers()
        self.process.stop()
        self._end_left_over()
        self._unmount()

    def kill(self) -> None:
        """SIGKILL, as a crash would; its containers go on."""
        self.process.kill()

    def restart(self) -> None:
        """Start it again after `kill`."""
        (self.root / "docker.pid").unlink(missing_ok=True)
        self.process = Process(self._argv(), self.root / "dockerd.log")
        self.process.start(self._answers, timeout_s=60)

    def remove_containers(self) -> None:
        with contextlib.closing(self.api()) as api:
            for container in api.containers(all=True):
                with contextlib.suppress(docker.errors.APIError):
                    api.remove_container(container["Id"], force=True, v=True)

    def _answers(self) -> bool:
        if not self.socket.exists():
            return False
        try:
            with contextlib.closing(self.api()) as api:
                return bool(api.ping())
        except Exception:  # noqa: BLE001 - whatever it is, it does not answer yet
            return False

    def _argv(self) -> list[str]:
        argv = [
            program("dockerd"),
            f"--data-root={self.root / 'data'}",
            f"--exec-root={self.root / 'exec'}",
            f"--pidfile={self.root / 'docker.pid'}",
            f"--host={self.url}",
            "--bridge=none",
            "--iptables=false",
            "--ip6tables=false",
            "--shutdown-timeout=5",
        ]
        if self.tls is not None:
            folder = self.root / "tls"
            argv += [
                f"--host={self.tls_url}",
                "--tlsverify",
                f"--tlscacert={folder / 'ca.pem'}",
                f"--tlscert={folder / 'server.pem'}",
                f"--tlskey={folder / 'server.key'}",
            ]
        return argv

    def _end_left_over(self) -> None:
        """Shims and a containerd of this very engine, known by its folder in their command line."""
        for _ in range(20):
            pids = list(_pids_below(self.root))
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not pids:
                return
            time.sleep(0.1)

    def _unmount(self) -> None:
        mounts = Path("/proc/self/mountinfo").read_text().splitlines()
        points = [line.split()[4] for line in mounts]
        for point in sorted((p for p in points if p.startswith(f"{self.root}/")), reverse=True):
            subprocess.run([program("umount"), "--lazy", point], check=False, capture_output=True)


def _pids_below(root: Path) -> "list[int]":
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            is_ours = any(f"{root}/" in word for word in words[1:])
            if is_ours and "containerd" in words[0]:
                found.append(int(folder.name))
    return found
