"""The REST API with years of history behind it: how long a page of a list takes.

PostgreSQL, the web server as `up` starts it, and clients that ask one request after the other over
connections that stay open. They are threads of this process: on two cores they are part of what is
measured.
"""

import argparse
import http.client
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from bench import figures
from bench.child import Child, Json
from bench.stage import LAB, Stage, environment, staged
from tests.lab.ports import free_port
from tests.lab.process import Process

LISTS = {
    "containers": "/api/v1/containers?limit=50",
    "containers, the last page": "/api/v1/containers?limit=50&offset={last}",
    "containers, searched": "/api/v1/containers?q=app-7&status=update_available",
    "one container": "/api/v1/containers/{container}",
    "runs": "/api/v1/runs?limit=50",
    "one run": "/api/v1/runs/{run}",
    "one run, unchanged": "/api/v1/runs/{run}",
    "results": "/api/v1/results?limit=50",
    "results that failed": "/api/v1/results?limit=50&state=failed",
    "results of a container": "/api/v1/results?limit=50&host={host}&container=app-7",
}
CLIENTS = (1, 16)
WIDTHS = (26, 11, 9, 20, 20)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the REST API.")
    parser.add_argument("--containers", type=int, default=5000, metavar="N")
    parser.add_argument("--hosts", type=int, default=50, metavar="N")
    parser.add_argument("--results", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--requests", type=int, default=320, metavar="N", help="For each figure.")
    options = parser.parse_args()
    print(figures.machine(), flush=True)
    with staged() as stage:
        env = environment(stage.root, stage.database(LAB)) | {"ALLOWED_HOSTS": "localhost"}
        rows = stage.start(Child("bench.history_rows", env))
        sizes = {name: getattr(options, name) for name in ("containers", "hosts", "results")}
        facts = rows.ask(1200, do="fill", **sizes) | {"last": options.containers - 50}
        print(", ".join(f"{number} {name}" for name, number in sizes.items()), flush=True)
        web = stage.start(Web(stage, env))
        report(rows, web.port, facts, options.requests)


class Web:
    """The web server, as `up` starts it."""

    def __init__(self, stage: Stage, env: Mapping[str, str]) -> None:
        self.port = free_port()
        bind = f"127.0.0.1:{self.port}"
        argv = [sys.executable, "-m", "gunicorn", "watchweb.wsgi", "--bind", bind]
        argv += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
        (stage.root / "data" / "static").mkdir(parents=True, exist_ok=True)
        self._process = Process(argv, stage.root / "web.log", env)

    def start(self) -> None:
        self._process.start(self._answers)

    def stop(self) -> None:
        self._process.stop()

    def _answers(self) -> bool:
        try:
            return ask(http.client.HTTPConnection("localhost", self.port), "/healthz", {}) == 200
        except OSError:
            return False


def report(rows: Child, port: int, facts: Json, requests: int) -> None:
    """A line for each list; p95 and median in ms."""
    print(figures.row(("list", "statements", "kB", "1 client", "16 clients"), WIDTHS))
    for name, pattern in LISTS.items():
        path = pattern.format(**facts)
        headers = {"Authorization": f"Bearer {facts['token']}"}
        if "unchanged" in name:
            headers |= {"If-None-Match": etag(port, path, headers)}
        counted = rows.ask(do="statements", path=path, headers=headers)
        taken = [told(measured(port, path, headers, clients, requests)) for clients in CLIENTS]
        cells = (name, str(counted["statements"]), f"{counted['bytes'] / 1000:.0f}", *taken)
        print(figures.row(cells, WIDTHS), flush=True)


def told(seconds: list[float]) -> str:
    p95 = quantiles(seconds, n=20)[-1]
    return f"{1000 * p95:.0f}, median {1000 * median(seconds):.0f}"


def measured(
    port: int, path: str, headers: Mapping[str, str], clients: int, requests: int
) -> list[float]:
    """How long each request took, in seconds, with as many clients at once."""

    def client(_: int) -> list[float]:
        connection = http.client.HTTPConnection("localhost", port, timeout=60)
        ask(connection, path, headers)  # The first one opens everything.
        taken = []
        for _ in range(max(1, requests // clients)):
            began = time.monotonic()
            status = ask(connection, path, headers)
            taken.append(time.monotonic() - began)
            assert status in (200, 304), status
        connection.close()
        return taken

    with ThreadPoolExecutor(clients) as pool:
        return [one for found in pool.map(client, range(clients)) for one in found]


def ask(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> int:
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def etag(port: int, path: str, headers: Mapping[str, str]) -> str:
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return str(answer.headers["ETag"])


if __name__ == "__main__":
    main()
