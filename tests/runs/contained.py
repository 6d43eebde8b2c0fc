"""Watchweb in a container on the lab's engine: an image of busybox, with this machine's Python and
this checkout bound in, since no base image can be pulled in a lab."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.commands.installation import CHECKOUT, Installation, answers, wait_until
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Platform

REPOSITORY = "tools/watchweb"
NAME = "watchweb"
PASSWORD = "lab-password-of-admin"
# What an image's entrypoint may be: a script that prepares something and becomes the program.
STARTS = 'export PREPARED=yes; exec "$@"'
POLICY = {"Name": "unless-stopped", "MaximumRetryCount": 0}
REPORT = """
import json
from updates.models import UpdateRun
from updates.runs.report import report
run = UpdateRun.objects.filter(pk=%d).first()
print(json.dumps(report(run) if run else {"state": "not there yet"}))
"""


@dataclass(frozen=True, slots=True)
class Contained:
    """A Watchweb in a container, and its data from outside."""

    platform: Platform
    registry: LabRegistry
    installation: Installation
    bind: str

    def start(self, **env: str) -> str:
        """Set it up, start it from version 1 and scan its host; the container's id."""
        reference = self.platform.fetch(self.registry, REPOSITORY, image(1, STARTS))
        self.installation.begin()
        self.installation.manage("addhost", "nas", self.platform.engine.url)
        self.installation.trust(self.registry)
        up = self._manage("up", "--bind", self.bind, "--workers", "2")
        made = self.platform.create(
            reference,
            NAME,
            Cmd=["/bin/sh", "/start", *up],
            Env=[f"{name}={value}" for name, value in (self._environment() | env).items()],
            Labels={"team": "lab"},
            HostConfig={"NetworkMode": "host", "RestartPolicy": POLICY, "Binds": self._binds()},
        )
        wait_until(self.answers, 90, "Watchweb does not answer from its container")
        code, said = self.manage("scan")
        assert code == 0, said
        return made

    def answers(self) -> bool:
        return answers(self.bind)

    def push(self, version: int, start: str = STARTS) -> str:
        """A newer image in the registry; the digest of its manifest."""
        return self.registry.push(REPOSITORY, "1", image(version, start))

    def manage(self, *arguments: str) -> tuple[int, str]:
        """(exit code, both streams) of a command in the container."""
        api = self.platform.api
        made = api.exec_create(NAME, self._manage(*arguments))
        said = api.exec_start(made["Id"]).decode()
        return int(api.exec_inspect(made["Id"])["ExitCode"]), said

    def end_of(self, run: int) -> Json:
        """The report of a run, once it is over and its helper is gone."""
        open_states = ("not there yet", "queued", "running")
        wait_until(lambda: self.report(run)["state"] not in open_states, 120, "it does not end")
        wait_until(lambda: len(self.platform.names()) == 1, 30, "the helper stays")
        return self.report(run)

    def report(self, run: int) -> Json:
        return dict(json.loads(self.installation.manage("shell", "-v0", "-c", REPORT % run)))

    def _manage(self, *arguments: str) -> list[str]:
        return [sys.executable, str(CHECKOUT / "manage.py"), *arguments]

    def _environment(self) -> dict[str, str]:
        names = ("WATCHWEB_DATA", "DATABASE_URL", "PYTHONWARNINGS", "DOCKER_HOST")
        return {name: self.installation.env[name] for name in names} | {
            "WATCHWEB_ADMIN_PASSWORD": PASSWORD,
            "WATCHWEB_GATE_SECONDS": "3",
        }

    def _binds(self) -> list[str]:
        """Data and socket; and read-only, what a Python of this machine needs."""
        needed = {"/usr", "/lib", "/lib64", sys.base_prefix, sys.prefix, str(CHECKOUT)}
        writable = (self.installation.data, self.platform.engine.socket)
        return [
            *(f"{path}:{path}" for path in writable),
            *(f"{path}:{path}:ro" for path in sorted(needed) if Path(path).exists()),
        ]


def image(version: int, start: str) -> ImageSpec:
    """An image of Watchweb whose start script is `start`."""
    return ImageSpec(version=str(version), files={"start": f"{start}\n"})
