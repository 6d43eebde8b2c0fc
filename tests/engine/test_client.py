"""The client against a server that plays what no real engine here shows."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.engine_server import Answer, EngineServer, Handler
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint, TLSMaterial
from updates.engine.spec import CreateBody

PULL = ("POST", "/images/create")


def engine(server: EngineServer, timeout_s: float = 5.0) -> Engine:
    return Engine(Endpoint(server.url), timeout_s=timeout_s)


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
    with (
        EngineServer(api="1.23") as server,
        engine(server) as it,
        pytest.raises(errors.EngineTooOld, match=r"speaks API 1\.23.*1\.24"),
    ):
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
def test_what_is_not_an_engine_is_named_so(answer: Answer) -> None:
    with (
        EngineServer(answers={("GET", "/version"): answer}) as server,
        pytest.raises(errors.NotAnEngine, match="is not a Docker Engine"),
    ):
        engine(server).open()


def test_a_redirect_is_not_followed() -> None:
    def redirect(request: Handler) -> None:
        request.send_response(307)
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with EngineServer(answers={PULL: redirect}) as server, pytest.raises(errors.NotAnEngine):
        engine(server).pull("x", tag="1", auth=None, on_progress=print, deadline_s=5)
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
    with pytest.raises(errors.EngineUnreachable, match="connection refused"):
        Engine(Endpoint(url)).open()


def test_tls_towards_a_plain_port_says_so() -> None:
    with (
        EngineServer() as server,
        pytest.raises(errors.EngineTLSFailure, match="does not speak TLS") as caught,
    ):
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
    with (
        EngineServer(otherwise=lambda request: request.send_json(said, status)) as server,
        engine(server) as it,
        pytest.raises(kind) as caught,
    ):
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


def test_a_failed_connect_removes_the_created_container() -> None:
    answers = {
        ("POST", "/containers/create"): lambda it: it.send_json({"Id": "c1"}, 201),
        ("POST", "/networks/back/connect"): lambda it: it.send_json({"message": "taken"}, 403),
        ("DELETE", "/containers/c1"): lambda it: it.send(204, b""),
    }
    with (
        EngineServer(answers=answers) as server,
        engine(server) as client,
        pytest.raises(errors.EngineRefused, match="taken"),
    ):
        client.create("web", CreateBody({"Image": "x"}, {"back": {}}))
    assert server.seen[-1][0] == "DELETE"
