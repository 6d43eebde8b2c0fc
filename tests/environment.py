"""The environment of the tests: loaded by `-p` before pytest-django reads the settings.

Everything the product writes goes below one temporary folder, in each test process its own.
"""

import atexit
import os
import tempfile
from pathlib import Path

_DATA = tempfile.TemporaryDirectory(prefix="watchweb-tests-")
atexit.register(_DATA.cleanup)
_FOLDER = Path(_DATA.name)
(_FOLDER / "static").mkdir()

os.environ["WATCHWEB_DATA"] = str(_FOLDER)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_FOLDER}/db.sqlite3")
os.environ["DOCKER_CONFIG"] = "/nonexistent"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the tests' thread.
for name in ("SECRET_KEY", "WATCHWEB_ENCRYPTION_KEYS", "WATCHWEB_ADMIN_PASSWORD", "DOCKER_HOST"):
    os.environ.pop(name, None)
