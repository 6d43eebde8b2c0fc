"""Each step on the way to an engine, and what is said of it."""

from pathlib import Path

from tests.fakes.engine_server import LISTED, EngineServer
from updates.engine.endpoint import Endpoint
from updates.engine.probing.findings import Finding, Outcome, Step
from updates.engine.probing.probe import probe


def found_at(url: str) -> dict[Step, Finding]:
    return {one.step: one for one in probe(Endpoint(url), timeout_s=2)}


def test_every_step_is_told_of_in_its_order() -> None:
    containers = [{"Id": "1", "Names": ["/a"], "State": "running"}, {"Id": "2", "State": "exited"}]
    answers = {("GET", "/containers/json"): lambda it: it.send_json(containers)}
    with EngineServer(answers=answers) as server:
        found = found_at(server.url)
    assert list(found) == list(Step)
    assert found[Step.REACH].sentence.startswith("127.0.0.1 takes connections on port ")
    assert found[Step.TLS].outcome is Outcome.WARNING
    assert "rules the machine" in found[Step.TLS].sentence
    assert found[Step.VERSION].sentence == "Docker 99.0; API 1.41 is spoken."
    assert found[Step.CONTAINERS].sentence == "2 containers, 1 of them running."


def test_the_step_in_which_the_engine_says_what_it_is_knows_how_long_that_took() -> None:
    with EngineServer(answers=dict(LISTED)) as server:
        version = found_at(server.url)[Step.VERSION]
    assert version.info is not None
    assert version.info.version == "99.0"
    assert version.latency_s is not None
    assert 0 < version.latency_s <= version.seconds


def test_what_comes_after_a_failure_is_not_tried(tmp_path: Path) -> None:
    found = found_at(f"unix://{tmp_path}/nowhere.sock")
    assert found[Step.REACH].outcome is Outcome.FAILED
    assert "there is no such socket" in found[Step.REACH].sentence
    assert {found[step].outcome for step in list(Step)[1:]} == {Outcome.SKIPPED}


def test_a_proxy_that_forbids_the_list_is_found_out() -> None:
    denied = {("GET", "/containers/json"): lambda it: it.send_json({"message": "no"}, 403)}
    with EngineServer(answers=denied) as server:
        found = found_at(server.url)
    assert found[Step.VERSION].outcome is Outcome.OK
    assert found[Step.CONTAINERS].outcome is Outcome.FAILED
    assert "403" in found[Step.CONTAINERS].sentence


def test_a_certificate_that_is_not_trusted_fails_at_its_step() -> None:
    with EngineServer() as server:
        found = found_at(server.url.replace("tcp://", "https://"))
    assert found[Step.REACH].outcome is Outcome.OK
    assert found[Step.TLS].outcome is Outcome.FAILED
    assert found[Step.VERSION].outcome is Outcome.SKIPPED
