"""A session as Watchtower's fork answers it, asked of Watchweb as `up` runs it."""

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.ports import free_port
from tests.lab.registry import Registry
from tests.runs.stage import Platform
from tests.watchtower_api.likeness import differences, value_at

SESSION = json.loads(Path(__file__).with_name("session.json").read_text(encoding="utf-8"))
ERROR = {"error": "x", "api_version": "v1", "timestamp": "x"}
WATCHTOWER = "com.centurylinklabs.watchtower"
TOKEN, EVENTS_TOKEN = "api-token", "events-token"

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Server:
    """A running Watchweb with a worker, on an engine with four containers, two of them stale."""

    bind: str
    image: str
    platform: Platform

    def ask(self, method: str, path: str, token: str) -> tuple[http.client.HTTPResponse, bytes]:
        """As a script does: over a connection of its own."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with contextlib.closing(http.client.HTTPConnection(self.bind, timeout=120)) as connection:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, lab_engine_session: Dockerd, lab_registry: Registry
) -> Iterator[Server]:
    installation = Installation(tmp_path_factory.mktemp("watchtower"))
    bind = f"127.0.0.1:{free_port()}"
    with contextlib.ExitStack() as stack:
        stack.callback(lab_engine_session.clear)
        api = stack.enter_context(contextlib.closing(lab_engine_session.api()))
        platform = Platform(lab_engine_session, api)
        only_watched = {f"{WATCHTOWER}.monitor-only": "true"}
        for name in ("cache", "db", "web", "worker"):
            image = platform.fetch(lab_registry, f"session/{name}", _image(name, 1))
            labels = only_watched if name == "worker" else {}
            platform.create(image, name, Labels=labels)
        for name in ("cache", "web"):
            lab_registry.push(f"session/{name}", "1", _image(name, 2))
        installation.begin()
        installation.manage("addhost", "nas", lab_engine_session.url)
        installation.manage("addhost", "away", "unix:///nonexistent.sock")
        installation.trust(lab_registry)
        up = installation.running(
            "up",
            "--bind",
            bind,
            WATCHWEB_GATE_SECONDS="3",
            WATCHTOWER_HTTP_API_TOKEN=TOKEN,
            WATCHTOWER_HTTP_API_EVENTS_TOKEN=EVENTS_TOKEN,
        )
        stack.enter_context(up)
        wait_until(lambda: answers(bind), 60, "the web server did not start")
        yield Server(bind, f"{lab_registry.address}/session/db", platform)


def test_each_request_of_the_session_is_answered_as_the_fork_does(server: Server) -> None:
    for recorded in SESSION["requests"]:
        found = list(_differences(server, recorded))
        assert not found, (recorded["send"], found)
    assert server.platform.version_in("web") == "2", "the update that was asked for"
    assert server.platform.version_in("cache") == "2", "the update in the background"


def test_a_scan_is_told_to_those_who_listen(server: Server) -> None:
    recorded = SESSION["events"]
    with contextlib.closing(http.client.HTTPConnection(server.bind, timeout=60)) as line:
        line.request("GET", f"/v1/events?access_token={EVENTS_TOKEN}")
        stream = line.getresponse()
        for name, value in recorded["headers"].items():
            assert stream.headers[name].split(";")[0] == value
        assert stream.readline() == b"retry: 5000\n"
        method, path = recorded["during"].split()
        scan = threading.Thread(target=server.ask, args=(method, path, TOKEN))
        scan.start()
        told = _events(stream, {one["event"] for one in recorded["lines"]})
        scan.join()
        line.sock.close()
    for one in recorded["lines"]:
        found = list(differences(told[one["event"]], one["data"], recorded["more"]))
        assert not found, (one["event"], found)


def test_of_two_updates_of_everything_at_once_one_is_told_to_wait(server: Server) -> None:
    got: list[int] = []

    def update() -> None:
        answer, _ = server.ask("POST", "/v1/update?host=nas&async=true", TOKEN)
        got.append(answer.status)

    _, body = server.ask("POST", "/v1/update?container=nobody", TOKEN)
    assert json.loads(body)["summary"]["scanned"] == 0, "all that was queued before is over"
    both = [threading.Thread(target=update) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(got) == [202, 429]


def _image(name: str, version: int) -> ImageSpec:
    return ImageSpec(version=str(version), env=(f"NAME={name}",))


def _events(stream: http.client.HTTPResponse, wanted: set[str]) -> dict[str, Any]:
    """The data of the events by their names, read until each has come."""
    found: dict[str, Any] = {}
    name = ""
    while wanted - found.keys():
        field, _, value = stream.readline().decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            found[name] = json.loads(value)
    return found


def _differences(server: Server, recorded: dict[str, Any]) -> Iterator[str]:
    method, path = recorded["send"].replace("%IMAGE%", server.image).split()
    answer, body = server.ask(method, path, recorded.get("token", TOKEN))
    if answer.status != recorded["status"]:
        yield f"the status is {answer.status}: {body.decode()}"
    for name, value in recorded.get("headers", {}).items():
        if answer.headers[name] != value:
            yield f"{name} is {answer.headers[name]}"
    if "text" in recorded and body.decode() != recorded["text"]:
        yield f"the text is {body!r}"
    ours = recorded.get("ours", {})
    expected = recorded.get("body", ERROR if ours.get("json") else None)
    if expected is not None:
        yield from _unlike(json.loads(body), expected | ours.get("body", {}), recorded)


def _unlike(document: Any, expected: dict[str, Any], recorded: dict[str, Any]) -> Iterator[str]:
    more, optional = recorded.get("more", ()), recorded.get("optional", {})
    yield from differences(document, expected, more, optional)
    for place, value in recorded.get("values", {}).items():
        if value_at(document, place) != value:
            yield f"{place} is {value_at(document, place)!r}"
    if "names" in recorded:
        names = sorted(one["name"] for one in document["containers"])
        if names != recorded["names"]:
            yield f"the containers are {names}"
