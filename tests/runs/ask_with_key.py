"""Run as a process of its own: eight threads send the same request with the same key at once.

python -m tests.runs.ask_with_key FILE TOKEN: it starts once FILE.go is there, and says which
statuses and runs came back.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import django

THREADS = 8


def main(file: Path, token: str) -> None:
    django.setup()
    from django.db import connection
    from django.test import Client

    barrier = Barrier(THREADS)

    def ask(_: int) -> str:
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": "same",
            "Host": "localhost",
        }
        try:
            barrier.wait()
            kind = "application/json"
            body = {"kind": "scan"}
            answer = Client(headers=headers).post("/api/v1/runs", body, content_type=kind)
            return f"{answer.status_code}:{json.loads(answer.content).get('id')}"
        finally:
            connection.close()

    print("ready", flush=True)  # noqa: T201
    while not file.with_suffix(".go").exists():
        time.sleep(0.01)
    with ThreadPoolExecutor(THREADS) as pool:
        print(*pool.map(ask, range(THREADS)))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
