"""What was learned of an engine earlier is assumed, until an answer shows that it is outdated."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.engine_server import Answer, EngineServer, Handler
from updates.engine import errors
from updates.engine.client import Engine
from updates.engine.container import EngineInfo
from updates.engine.endpoint import Endpoint
from updates.engine.spec import CreateBody

KNOWN = EngineInfo("99.0", "1.41", "1.41", "1.12", "linux", "arm64", "Engine")
LISTS = ("GET", "/containers/json"), ("GET", "/images/json")
CREATE = ("POST", "/containers/create")


def empty(request: Handler) -> None:
    request.send_json([])


def refuse(words: str) -> Answer:
    """Takes version 1.44 and no other, as an engine says so."""

    def answer(request: Handler) -> None:
        if request.path.startswith("/v1.44/"):
            return empty(request)
        return request.send_json({"message": words}, 400)

    return answer


def serving(answer: Answer = empty, **how: Any) -> EngineServer:
    return EngineServer(answers=dict.fromkeys(LISTS, answer), **how)


def engine(server: EngineServer, info: EngineInfo | None = KNOWN) -> Engine:
    return Engine(Endpoint(server.url), timeout_s=5.0, info=info)


def paths(server: EngineServer) -> list[str]:
    return [path.partition("?")[0] for path in server.paths()]


def test_a_scan_of_a_known_engine_is_two_calls() -> None:
    with serving() as server, engine(server) as it:
        it.containers()
        it.images()
        assert paths(server) == ["/v1.41/containers/json", "/v1.41/images/json"]
        assert it.calls == {"containers": 1, "images": 1}
        assert (it.info, it.is_renewed) == (KNOWN, False)


def test_what_is_known_is_told_without_a_call() -> None:
    with serving() as server, engine(server) as it:
        assert it.info is KNOWN
        assert server.seen == []


def test_an_engine_that_is_not_known_is_asked_first() -> None:
    with serving() as server, engine(server, None) as it:
        it.containers()
        assert paths(server) == ["/version", "/v1.41/containers/json"]
        assert it.is_renewed


@pytest.mark.parametrize(
    "known",
    [
        replace(KNOWN, version="98.0"),
        replace(KNOWN, api_version="1.40", server_api_version="1.40"),
        replace(KNOWN, api_version="1.43", server_api_version="1.43"),
    ],
)
def test_an_engine_that_is_another_one_by_now_is_asked_and_the_call_made_again(
    known: EngineInfo,
) -> None:
    with serving() as server, engine(server, known) as it:
        assert it.containers() == []
        it.images()
        assert paths(server) == [
            f"/v{known.api_version}/containers/json",
            "/version",
            "/v1.41/containers/json",
            "/v1.41/images/json",
        ]
        assert it.calls == {"containers": 1, "version": 1, "repeated": 1, "images": 1}
        assert (it.info.version, it.info.api_version) == ("99.0", "1.41")
        assert it.is_renewed


@pytest.mark.parametrize("words", ["too old. Minimum is 1.44", "too new. Maximum is 1.44"])
@pytest.mark.parametrize("says", [None, {}])
def test_a_call_refused_for_its_version_is_made_again_in_the_right_one(
    words: str, says: dict[str, str] | None
) -> None:
    answer = refuse(f"client version 1.41 is {words}")
    with (
        serving(answer, api="1.44", min_api="1.44", says=says) as server,
        engine(server) as it,
    ):
        assert it.containers() == []
        assert it.info.api_version == "1.44"


def test_an_engine_that_is_another_one_after_all_is_asked_once_only() -> None:
    answer = refuse("client version 1.41 is too old")
    with serving(answer, says={"Api-Version": "1.2"}) as server, engine(server) as it:
        for _ in range(2):
            with pytest.raises(errors.EngineRefused, match="too old"):
                it.containers()
        assert paths(server).count("/version") == 1
        assert paths(server).count("/v1.41/containers/json") == 3


@pytest.mark.parametrize(
    "says",
    [
        {},
        {"Server": "nginx"},
        {"Api-Version": "1.41"},
        {"Api-Version": "1.41", "Server": "Libpod/99.0 (linux)"},
    ],
)
def test_headers_that_a_proxy_took_away_deny_nothing(says: dict[str, str]) -> None:
    with serving(says=says) as server, engine(server) as it:
        it.containers()
        assert not it.is_renewed


def test_a_podman_that_was_updated_is_asked() -> None:
    says = {"Api-Version": "1.41", "Server": "Libpod/5.4.2 (linux)"}
    with serving(says=says) as server, engine(server, replace(KNOWN, version="4.3.1")) as it:
        it.containers()
        assert it.is_renewed


def test_a_refusal_for_another_reason_is_told_at_once() -> None:
    def deny(request: Handler) -> None:
        request.send_json({"message": "a bad filter"}, 400)

    with (
        serving(deny) as server,
        engine(server) as it,
        pytest.raises(errors.EngineRefused, match="a bad filter"),
    ):
        it.containers()
    assert len(server.seen) == 1


def test_what_was_done_is_never_done_twice() -> None:
    answers = {CREATE: lambda request: request.send_json({"Id": "c1"}, 201)}
    with (
        EngineServer(answers=answers) as server,
        engine(server, replace(KNOWN, version="98.0")) as it,
    ):
        assert it.create("web", CreateBody({"Image": "x"})) == "c1"
        assert paths(server) == ["/v1.41/containers/create", "/version"]
        assert it.info.version == "99.0"


def test_what_an_engine_refused_for_its_version_is_sent_again_with_its_body() -> None:
    def create(request: Handler) -> None:
        if request.path.startswith("/v1.44/"):
            return request.send_json({"Id": "c1"}, 201)
        return request.send_json({"message": "client version 1.41 is too old"}, 400)

    with (
        EngineServer(api="1.44", min_api="1.44", answers={CREATE: create}) as server,
        engine(server) as it,
    ):
        assert it.create("web", CreateBody({"Image": "x"})) == "c1"
        assert server.seen[0][3] == server.seen[-1][3] != b""


def test_an_engine_that_became_too_old_is_refused() -> None:
    with (
        serving(api="1.23") as server,
        engine(server) as it,
        pytest.raises(errors.EngineTooOld),
    ):
        it.containers()


def test_one_that_is_no_engine_any_more_is_named_so() -> None:
    def page(request: Handler) -> None:
        request.send(200, b"<html>", "text/html")

    with (
        serving(page, says={}) as server,
        engine(server) as it,
        pytest.raises(errors.NotAnEngine),
    ):
        it.containers()


@pytest.mark.parametrize(
    "info",
    [
        EngineInfo.from_dict({}),
        EngineInfo.from_dict({"api_version": "1.41", "version": "99.0"}),
        EngineInfo.from_dict({"api_version": 7, "server_api_version": ["1.41"]}),
        replace(KNOWN, min_api_version=""),
        replace(KNOWN, api_version=""),
        replace(KNOWN, api_version="../secret"),
        replace(KNOWN, api_version="1.60", server_api_version="1.60"),
    ],
)
def test_what_is_missing_or_odd_in_what_is_known_costs_a_question_and_no_more(
    info: EngineInfo,
) -> None:
    with serving() as server, engine(server, info) as it:
        assert it.containers() == []
        assert paths(server)[-1] == "/v1.41/containers/json"
        assert it.info.server_api_version == "1.41"


def test_nothing_changes_in_the_middle_of_a_session() -> None:
    def updated(request: Handler) -> None:
        request.server.says["Server"] = "Docker/100.0 (linux)"
        request.send_json([])

    answers: dict[tuple[str, str], Answer] = {LISTS[0]: empty, LISTS[1]: updated}
    with EngineServer(answers=answers) as server, engine(server) as it:
        it.containers()
        it.images()
        assert it.info is KNOWN


def test_a_closed_engine_begins_with_what_is_known_again() -> None:
    with serving() as server, engine(server) as it:
        it.containers()
        it.close()
        it.images()
        assert it.calls == {"containers": 1, "images": 1}


def test_to_open_a_known_engine_is_to_ask_it() -> None:
    with serving() as server, engine(server) as it:
        assert it.open().arch == ""
        it.containers()
        assert paths(server) == ["/version", "/v1.41/containers/json"]
