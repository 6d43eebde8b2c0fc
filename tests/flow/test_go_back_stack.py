"""What compose restarts with a container that goes back: by the rules of an update."""

from dataclasses import replace

import pytest

from tests.flow.bench import Bench
from tests.flow.test_go_back import NAME, PAST, go_back
from updates.flow.execute import STOPPED
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE

LED = {COMPOSE_PROJECT: "shop", COMPOSE_DEPENDS_ON: "web:service_started:true"}


@pytest.fixture
def stack(bench: Bench) -> Bench:
    """web was updated; one and two are restarted with it, and one does not start any more."""
    web = {COMPOSE_PROJECT: "shop", COMPOSE_SERVICE: "web"}
    bench.stale("web", NAME, config={"Labels": web})
    assert bench.update()["web"].state == "updated"
    for name in ("one", "two"):
        bench.fresh(name, config={"Labels": LED | {COMPOSE_SERVICE: name}})
    bench.engine.named("one").image.exit_code = 1
    bench.again()
    return bench


@pytest.mark.parametrize(
    ("host", "state"),
    [
        ({"rolling_restart": True}, "skipped"),
        ({"rolling_restart": True, "rolling_stops": False}, "restarted"),
        ({}, "restarted"),
    ],
    ids=["rolling", "rolling on", "batch"],
)
def test_a_failure_among_them_ends_what_is_rolling_unless_it_may_go_on(
    stack: Bench, host: dict[str, bool], state: str
) -> None:
    stack.policies = replace(stack.policies, host=host)
    assert go_back(stack) == ""
    assert stack.states() == {"web": "updated", "one": "rolled_back", "two": state}
    assert stack.engine.named("web").image.id == PAST.image_id
    assert (stack.recorder.told["two"].reason == STOPPED) is (state == "skipped")


def test_one_that_is_set_not_to_be_restarted_is_recreated_and_stays_stopped(stack: Bench) -> None:
    stack.policies = replace(stack.policies, containers={"two": {"no_restart": True}})
    assert go_back(stack) == ""
    assert stack.engine.named("two").state == "created"
    assert stack.engine.named("web").is_running
