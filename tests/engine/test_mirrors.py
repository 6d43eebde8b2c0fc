"""The mirrors that an engine says it has."""

from typing import Any

import pytest

from tests.fakes.engine_server import EngineServer
from updates.engine.client import Engine
from updates.engine.endpoint import Endpoint
from updates.engine.mirrors import mirrors_of


def info(*mirrors: Any) -> dict[str, Any]:
    return {"RegistryConfig": {"Mirrors": list(mirrors)}}


def test_mirrors_come_in_their_order_without_a_slash_at_the_end() -> None:
    said = info("https://mirror.test/", "http://127.0.0.1:5000", "https://far.test/hub/")
    assert mirrors_of(said) == (
        "https://mirror.test",
        "http://127.0.0.1:5000",
        "https://far.test/hub",
    )


def test_one_that_is_named_twice_is_one_and_there_are_eight_at_most() -> None:
    many = [f"https://m{number}.test/" for number in range(12)]
    assert mirrors_of(info(many[0], *many)) == tuple(url.rstrip("/") for url in many[:8])


@pytest.mark.parametrize(
    "url",
    [
        "mirror.test",
        "ftp://mirror.test",
        "https://",
        "https://robot:secret@mirror.test",
        "https://mirror.test/?token=secret",
        "https://mirror.test/#x",
        "https://mirror.test:99999",
        "https://[mirror",
        None,
        7,
        {},
    ],
)
def test_what_is_no_plain_address_is_left_out(url: Any) -> None:
    assert mirrors_of(info(url, "https://good.test")) == ("https://good.test",)


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        None,
        {"RegistryConfig": None},
        {"RegistryConfig": []},
        {"RegistryConfig": {"Mirrors": None}},
        {"RegistryConfig": {"Mirrors": {"https://mirror.test": 1}}},
    ],
)
def test_an_engine_that_says_it_otherwise_has_none(said: Any) -> None:
    assert mirrors_of(said) == ()


def test_an_engine_is_asked_in_one_call() -> None:
    answers = {("GET", "/info"): lambda it: it.send_json(info("https://mirror.test/"))}
    with EngineServer(answers=answers) as server, Engine(Endpoint(server.url)) as engine:
        assert engine.mirrors() == ("https://mirror.test",)
        assert engine.calls == {"version": 1, "info": 1}
