"""Settings of the tests, given before Django reads them; the lab's fixtures."""

import atexit
import os
import tempfile
from pathlib import Path

_DATA = tempfile.TemporaryDirectory(prefix="watchweb-tests-")
atexit.register(_DATA.cleanup)
os.environ["WATCHWEB_DATA"] = _DATA.name
os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(_DATA.name) / 'db.sqlite3'}")
os.environ["DOCKER_CONFIG"] = "/nonexistent"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the tests' thread.
for name in ("SECRET_KEY", "WATCHWEB_ENCRYPTION_KEYS", "WATCHWEB_ADMIN_PASSWORD", "DOCKER_HOST"):
    os.environ.pop(name, None)

pytest_plugins = ["tests.lab.fixtures", "tests.fixtures"]
