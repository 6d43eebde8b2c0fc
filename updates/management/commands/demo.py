"""Try everything on a private engine with a stale fleet; nothing of yours is touched."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from updates.management import base, first_start

try:
    from tests.lab.demo import DemoLab
    from tests.lab.missing import LabError

    HAS_LAB = True
except ImportError:
    HAS_LAB = False  # An installed package has no lab.


class Command(base.Command):
    help = "Start a private Docker Engine and registry with a stale fleet, and Watchweb on it."
    examples = "  make demo\n  manage.py demo --bind 127.0.0.1:9000"
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="HOST:PORT to listen at.")

    def handle(self, *, bind: str, **_: Any) -> None:
        if not HAS_LAB:
            raise CommandError("The demo needs a checkout of the repository: run make demo there.")
        if reason := first_start.why_not_bindable(bind):
            raise base.wrong_use(reason)
        root = Path(tempfile.mkdtemp(prefix="watchweb-demo-"))
        lab = DemoLab(root / "lab")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self.say("Starting a private Docker Engine, a registry and a fleet of containers.")
            lab.start()
            self._serve(lab, bind, root / "data")
        except LabError as error:
            raise CommandError(f"The demo cannot start: {error}") from error
        except KeyboardInterrupt:
            pass
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            lab.stop()
            shutil.rmtree(root, ignore_errors=True)
            self.say("The demo and everything it made is gone.")

    def _serve(self, lab: "DemoLab", bind: str, data: Path) -> None:
        password = secrets.token_urlsafe(9)
        env = os.environ | {"WATCHWEB_DATA": str(data), "WATCHWEB_ADMIN_PASSWORD": password}
        env |= {"WATCHWEB_GATE_SECONDS": "2", "DATABASE_URL": f"sqlite:///{data}/demo.sqlite3"}
        self._manage(env, "migrate", "--verbosity=0")
        self._manage(env, "addregistry", lab.registry_domain, "--insecure")
        self._manage(env, "addhost", "demo", lab.engine_url)
        self._manage(env, "scan")
        for line in (*lab.lines(), f"User: admin  Password: {password}"):
            self.say(line)
        server = subprocess.Popen(_command("up", "--bind", bind), env=env)
        try:
            server.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                server.send_signal(signal.SIGTERM)
            server.wait()

    def _manage(self, env: dict[str, str], *arguments: str) -> None:
        subprocess.run(_command(*arguments), env=env, check=True)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
