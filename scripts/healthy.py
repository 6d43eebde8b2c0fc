#!/usr/bin/env python3
"""Exit with 0 if the Watchweb of this container can do its work, else say why not; the image's
health check."""

import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# As a proxy in front would ask: an allowed name, and https if it is demanded.
host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip("*.") or "localhost"
request = Request(
    "http://127.0.0.1:8000/readyz", headers={"Host": host, "X-Forwarded-Proto": "https"}
)
try:
    urlopen(request, timeout=8).close()  # noqa: S310
except HTTPError as error:
    sys.exit(error.read(4000).decode(errors="replace"))
except OSError as error:
    sys.exit(f"The web server does not answer: {error}")
