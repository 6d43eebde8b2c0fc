"""Pulls, commands and stops against a server that plays what no real engine here shows."""

import base64
import json
import struct
import time
from collections.abc import Iterator

import pytest

from tests.fakes.engine_server import EngineServer, Handler
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.pull import PullSnapshot

PULL = ("POST", "/images/create")
EXEC = ("POST", "/containers/c1/exec")
EXEC_START = ("POST", "/exec/e1/start")
EXEC_INSPECT = ("GET", "/exec/e1/json")


def engine(server: EngineServer, timeout_s: float = 5.0) -> Engine:
    return Engine(Endpoint(server.url), timeout_s=timeout_s)


def ignore(_: PullSnapshot) -> None:
    pass


def pull(client: Engine, deadline_s: float = 5.0) -> str:
    with client:
        return client.pull(
            "shop/web", tag="1", auth=None, on_progress=ignore, deadline_s=deadline_s
        )


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\r\n"


def test_a_pull_names_its_digest_and_sends_only_the_login_it_was_given() -> None:
    digest = "sha256:" + "a" * 64
    lines = [line(status="Pulling from shop/web", id="1"), line(status=f"Digest: {digest}")]
    with EngineServer(answers={PULL: lambda it: it.send_chunks(iter(lines))}) as server:
        assert pull(engine(server)) == digest
        with engine(server) as client:
            login = {"username": "robot", "password": "päss"}
            client.pull("shop/web", tag="1", auth=login, on_progress=ignore, deadline_s=5)
        sent = [
            headers["X-Registry-Auth"] for method, _, headers, _ in server.seen if method == "POST"
        ]
    assert [json.loads(base64.urlsafe_b64decode(one)) for one in sent] == [{}, login]


def test_an_error_line_in_the_stream_is_an_error() -> None:
    lines = [line(status="Downloading", id="l1"), line(errorDetail={"message": "no space left"})]
    with (
        EngineServer(answers={PULL: lambda it: it.send_chunks(iter(lines))}) as server,
        pytest.raises(errors.PullFailed, match="no space left"),
    ):
        pull(engine(server))


def test_a_stream_that_breaks_is_an_error() -> None:
    lines = [line(status="Downloading", id="l1")]
    broken = {PULL: lambda it: it.send_chunks(iter(lines), ends=False)}
    with (
        EngineServer(answers=broken) as server,
        pytest.raises(errors.EngineUnreachable, match="connection broke"),
    ):
        pull(engine(server))


@pytest.mark.parametrize("first_lines", [[], [line(status="Downloading", id="l1")]])
def test_a_stalled_pull_ends_by_its_deadline(first_lines: list[bytes]) -> None:
    def stall(request: Handler) -> None:
        def chunks() -> Iterator[bytes]:
            yield from first_lines
            request.wait(20)

        request.send_chunks(chunks())

    with EngineServer(answers={PULL: stall}) as server:
        started = time.monotonic()
        with pytest.raises(errors.PullFailed, match="did not finish within 1 s"):
            pull(engine(server), deadline_s=0.6)
        assert time.monotonic() - started < 3


def test_a_pull_that_never_answers_ends_by_its_deadline() -> None:
    with (
        EngineServer(answers={PULL: lambda request: request.wait(20)}) as server,
        pytest.raises(errors.PullFailed, match="did not finish"),
    ):
        pull(engine(server), deadline_s=0.4)


@pytest.mark.parametrize(
    ("api", "paths"),
    [
        ("1.42", ["/v1.42/containers/c1/stop?t=3&signal=SIGINT"]),
        (
            "1.41",
            [
                "/v1.41/containers/c1/kill?signal=SIGINT",
                "/v1.41/containers/c1/wait",
                "/v1.41/containers/c1/stop?t=0",
            ],
        ),
    ],
)
def test_a_stop_signal_reaches_old_and_new_engines(api: str, paths: list[str]) -> None:
    answers = {
        ("POST", "/containers/c1/kill"): lambda it: it.send(204, b""),
        ("POST", "/containers/c1/wait"): lambda it: it.send_json({"StatusCode": 0}),
        ("POST", "/containers/c1/stop"): lambda it: it.send(204, b""),
    }
    with EngineServer(api=api, answers=answers) as server, engine(server) as client:
        client.stop("c1", signal="SIGINT", timeout_s=3)
        assert server.paths()[1:] == paths


def test_a_container_that_ignores_the_signal_is_stopped_by_force() -> None:
    answers = {
        ("POST", "/containers/c1/kill"): lambda it: it.send(204, b""),
        ("POST", "/containers/c1/wait"): lambda it: it.wait(20),
        ("POST", "/containers/c1/stop"): lambda it: it.send(204, b""),
    }
    with EngineServer(answers=answers) as server, engine(server) as client:
        client.stop("c1", signal="SIGINT", timeout_s=1)
        assert server.paths()[-1] == "/v1.41/containers/c1/stop?t=0"


def frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


def test_a_commands_streams_come_back_as_text_however_they_are_cut() -> None:
    raw = frame(1, b"one ") + frame(2, b"two ") + frame(1, "ünd".encode())
    answers = {
        EXEC: lambda it: it.send_json({"Id": "e1"}, 201),
        EXEC_START: lambda it: it.send_chunks(raw[i : i + 3] for i in range(0, len(raw), 3)),
        EXEC_INSPECT: lambda it: it.send_json({"ExitCode": 75}),
    }
    with EngineServer(answers=answers) as server, engine(server) as client:
        result = client.exec("c1", ["hook"], timeout_s=5, environment={"A": "b"})
        assert (result.exit_code, result.output) == (75, "one two ünd")
        assert json.loads(server.seen[1][3])["Env"] == ["A=b"]


@pytest.mark.parametrize("streams_close", [True, False])
def test_a_command_that_does_not_end_is_no_success(streams_close: bool) -> None:
    def start(request: Handler) -> None:
        def chunks() -> Iterator[bytes]:
            yield frame(1, b"working")
            if not streams_close:
                request.wait(20)

        request.send_chunks(chunks())

    answers = {
        EXEC: lambda it: it.send_json({"Id": "e1"}, 201),
        EXEC_START: start,
        EXEC_INSPECT: lambda it: it.send_json({"ExitCode": None, "Running": True}),
    }
    with (
        EngineServer(answers=answers) as server,
        engine(server) as client,
        pytest.raises(errors.ExecTimedOut),
    ):
        client.exec("c1", ["hook"], timeout_s=0.4)
