"""The client against a server that plays what no real engine here shows."""

import base64
import json
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.engine_server import EngineServer, Handler
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint, TLSMaterial
from updates.engine.pull import PullSnapshot
from updates.engine.spec import CreateBody

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


def html(request: Handler) -> None:
    request.send(200, b"<html>Welcome to nginx</html>", "text/html")


def test_nothing_is_sent_before_the_first_call() -> None:
    with EngineServer() as server:
        engine(server)
        assert server.seen == []


@pytest.mark.parametrize(
    ("offered", "accepted", "spoken"),
    [
        ("1.41", "1.12", "1.41"),
        ("1.55", "1.44", "1.51"),
        ("1.60", "1.54", "1.54"),
        ("1.24", "1.24", "1.24"),
    ],
)
def test_the_version_spoken_lies_in_both_ranges(offered: str, accepted: str, spoken: str) -> None:
    empty = {("GET", "/containers/json"): lambda request: request.send_json([])}
    with EngineServer(api=offered, min_api=accepted, answers=empty) as server, engine(server) as it:
        assert it.containers() == []
        assert it.info.api_version == spoken
        assert it.info.server_api_version == offered
        assert server.paths()[0] == "/version"
        assert server.paths()[1].startswith(f"/v{spoken}/containers/json")


def test_an_engine_that_is_too_old_is_refused() -> None:
    with EngineServer(api="1.23") as server, engine(server) as it:
        with pytest.raises(errors.EngineTooOld, match=r"speaks API 1\.23.*1\.24"):
            it.open()


@pytest.mark.parametrize(
    "answer",
    [
        html,
        lambda request: request.send(404, b"not here", "text/plain"),
        lambda request: request.send_json(["ApiVersion"]),
        lambda request: request.send_json({"Version": "2"}),
        lambda request: request.send(200, b""),
        lambda request: request.send(500, b"boom", "text/plain"),
    ],
)
def test_what_is_not_an_engine_is_named_so(answer: object) -> None:
    with EngineServer(answers={("GET", "/version"): answer}) as server:  # type: ignore[dict-item]
        with pytest.raises(errors.NotAnEngine, match="is not a Docker Engine"):
            engine(server).open()


def test_a_redirect_is_not_followed() -> None:
    def redirect(request: Handler) -> None:
        request.send_response(307)
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with EngineServer(answers={PULL: redirect}) as server:
        with pytest.raises(errors.NotAnEngine):
            pull(engine(server))
        assert len(server.seen) == 2


def test_a_server_that_hangs_is_given_up() -> None:
    hang = {("GET", "/version"): lambda request: request.wait(20)}
    with EngineServer(answers=hang) as server:
        started = time.monotonic()
        with pytest.raises(errors.EngineUnreachable, match="did not answer in time"):
            engine(server, timeout_s=0.3).open()
        assert time.monotonic() - started < 3


def test_a_server_that_drips_is_given_up() -> None:
    def drip(request: Handler) -> None:
        def spaces() -> Iterator[bytes]:
            for _ in range(100):
                yield b" "
                request.wait(0.1)

        request.send_chunks(spaces())

    with EngineServer(answers={("GET", "/version"): drip}) as server:
        started = time.monotonic()
        with pytest.raises(errors.EngineUnreachable, match="did not answer in time"):
            engine(server, timeout_s=0.5).open()
        assert time.monotonic() - started < 3


def test_a_missing_socket_says_so(tmp_path: Path) -> None:
    with pytest.raises(errors.EngineUnreachable, match="there is no such socket") as caught:
        Engine(Endpoint(f"unix://{tmp_path}/docker.sock")).open()
    assert caught.value.retryable


def test_a_refused_connection_says_so() -> None:
    with EngineServer() as server:
        url = server.url
    with pytest.raises(errors.EngineUnreachable, match="connection refused. Is it running"):
        Engine(Endpoint(url)).open()


def test_tls_towards_a_plain_port_says_so() -> None:
    with EngineServer() as server:
        with pytest.raises(errors.EngineTLSFailure, match="does not speak TLS") as caught:
            Engine(Endpoint(server.url, TLSMaterial())).open()
        assert not caught.value.retryable


def test_an_unusable_key_says_so_and_stays_secret() -> None:
    tls = TLSMaterial(cert="no certificate", key="s3cret-key")
    with pytest.raises(errors.EngineTLSFailure) as caught:
        Engine(Endpoint("tcp://127.0.0.1:1", tls)).open()
    assert "cannot be used" in str(caught.value)
    assert "s3cret" not in f"{caught.value} {tls!r}"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, errors.NoSuchObject), (409, errors.EngineConflict), (500, errors.EngineRefused)],
)
def test_a_refusal_carries_the_engines_words(status: int, kind: type[errors.EngineError]) -> None:
    said = {"message": "it is so,\nhttps://auth.test/token?account=robot&secret=hush"}
    with EngineServer(otherwise=lambda request: request.send_json(said, status)) as server:
        with engine(server) as it, pytest.raises(kind) as caught:
            it.start("c1")
    assert str(caught.value) == f"The engine answered {status}: it is so, https://auth.test/token."
    assert caught.value.status == status  # type: ignore[attr-defined]


def test_calls_are_counted_by_name() -> None:
    nothing = {("GET", "/images/json"): lambda request: request.send_json([])}
    with EngineServer(answers=nothing) as server, engine(server) as it:
        it.images()
        it.images()
        assert it.calls == {"version": 1, "images": 2}


def test_a_closed_engine_opens_again() -> None:
    nothing = {("GET", "/images/json"): lambda request: request.send_json([])}
    with EngineServer(answers=nothing) as server, engine(server) as it:
        it.images()
        it.close()
        it.images()
        assert it.calls["version"] == 2


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


def test_stored_logins_of_the_machine_are_never_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text('{"auths": 7, "HttpHeaders": {"X-Leak": "1"}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with EngineServer() as server:
        engine(server).open()
        assert "X-Leak" not in server.seen[0][2]


def test_an_error_line_in_the_stream_is_an_error() -> None:
    lines = [line(status="Downloading", id="l1"), line(errorDetail={"message": "no space left"})]
    with EngineServer(answers={PULL: lambda it: it.send_chunks(iter(lines))}) as server:
        with pytest.raises(errors.PullFailed, match="no space left"):
            pull(engine(server))


def test_a_stream_that_breaks_is_an_error() -> None:
    lines = [line(status="Downloading", id="l1")]
    broken = {PULL: lambda it: it.send_chunks(iter(lines), ends=False)}
    with EngineServer(answers=broken) as server:
        with pytest.raises(errors.EngineUnreachable, match="connection broke"):
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
    with EngineServer(answers={PULL: lambda request: request.wait(20)}) as server:
        with pytest.raises(errors.PullFailed, match="did not finish"):
            pull(engine(server), deadline_s=0.4)


def test_a_failed_connect_removes_the_created_container() -> None:
    answers = {
        ("POST", "/containers/create"): lambda it: it.send_json({"Id": "c1"}, 201),
        ("POST", "/networks/back/connect"): lambda it: it.send_json({"message": "taken"}, 403),
        ("DELETE", "/containers/c1"): lambda it: it.send(204, b""),
    }
    with EngineServer(answers=answers) as server, engine(server) as client:
        with pytest.raises(errors.EngineRefused, match="taken"):
            client.create("web", CreateBody({"Image": "x"}, {"back": {}}))
        assert server.seen[-1][0] == "DELETE"


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
    with EngineServer(answers=answers) as server, engine(server) as client:
        with pytest.raises(errors.ExecTimedOut):
            client.exec("c1", ["hook"], timeout_s=0.4)
