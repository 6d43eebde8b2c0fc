"""Run as a process of its own: sixteen threads want one token; each fetch leaves a line in a file.

python -m tests.runs.obtain_token FILE: it starts once FILE.go is there.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import django

THREADS = 16
STORES = 4  # As many host runs at once in one process.


def main(file: Path) -> None:
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from updates.registry.tokens import Token, TokenKey
    from updates.runs.token_store import RowTokenStore

    key = TokenKey("ghcr.io", "https://ghcr.io/token", "ghcr.io", "repository:a/b:pull", "")
    barrier = Barrier(THREADS)
    stores = [RowTokenStore() for _ in range(STORES)]

    def fetch() -> Token:
        with file.open("a") as lines:
            lines.write("fetched\n")
        time.sleep(0.3)
        return Token("the-token", timezone.now().timestamp() + 300)

    def obtain(number: int) -> str:
        try:
            barrier.wait()
            return stores[number % STORES].obtain(key, fetch).value
        finally:
            connection.close()

    print("ready", flush=True)  # noqa: T201
    while not file.with_suffix(".go").exists():
        time.sleep(0.01)
    with ThreadPoolExecutor(THREADS) as pool:
        print(*pool.map(obtain, range(THREADS)))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
