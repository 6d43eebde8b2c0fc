"""What a new installation needs once: an administrator, and the engine of this machine."""

import os
import secrets
import socket
from pathlib import Path

from django.contrib.auth.models import User

from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.errors import EngineError
from updates.models import Host
from watchweb import keys

LOCAL_SOCKET = Path("/var/run/docker.sock")


def first_admin() -> tuple[str, str] | None:
    """Make the first administrator if there is no user at all: (user name, password to print).

    The password comes from WATCHWEB_ADMIN_PASSWORD[_FILE], and is then not printed (""), or is
    made up. None if there was nothing to do.
    """
    if User.objects.exists():
        return None
    name = os.environ.get("WATCHWEB_ADMIN_USER", "admin")
    given = keys.given("WATCHWEB_ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    User.objects.create_superuser(name, password=password)
    return name, "" if given else password


def local_host() -> Host | None:
    """Add this machine's engine as `local` if it answers and no host is known yet."""
    url = os.environ.get("DOCKER_HOST") or f"unix://{LOCAL_SOCKET}"
    if Host.objects.exists() or (url == f"unix://{LOCAL_SOCKET}" and not LOCAL_SOCKET.exists()):
        return None
    try:
        with Engine(Endpoint(url), timeout_s=3) as engine:
            info = engine.open()
    except EngineError:
        return None
    host = Host.objects.create(name="local", url=url)
    host.mark_seen(info)
    return host


def why_not_bindable(bind: str) -> str:
    """The sentence that says why a web server cannot listen at HOST:PORT; "" when it can."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        return f"--bind takes HOST:PORT, e.g. 127.0.0.1:8000; not {bind!r}."
    address = host.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, int(port)))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            return f"Cannot listen at {bind}: {reason}. Choose another port with --bind HOST:PORT."
    return ""
