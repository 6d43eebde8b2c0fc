"""A batch stops dependants first and starts them last; rolling goes one by one."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.flow.bench import Bench
from tests.flow.faults import catching
from tests.flow.summaries import label
from tests.flow.test_execute import BROKEN
from updates.flow.session import Interrupted


def stack(bench: Bench) -> None:
    """web depends on api, api on db; all are stale."""
    bench.stale("web", config={"Labels": label("depends-on", "api")})
    bench.stale("api", config={"Labels": label("depends-on", "db")})
    bench.stale("db")


def course(bench: Bench) -> list[str]:
    """What was stopped and started, by name, in order; the engine's ids are translated."""
    names = {entry.snapshot["Id"]: entry.name for entry in bench.journal.entries}
    names |= {one.id: one.name for one in bench.engine.kept.values()}
    calls = [call for call in bench.engine.calls if call.name in ("stop", "start")]
    return [f"{call.name} {names[call.target]}" for call in calls]


def test_a_batch_stops_dependants_first_and_starts_them_last(bench: Bench) -> None:
    stack(bench)
    bench.update()
    assert course(bench) == [
        *("stop web", "stop api", "stop db"),
        *("start db", "start api", "start web"),
    ]
    assert set(bench.states().values()) == {"updated"}


def test_rolling_goes_from_one_to_the_next(bench: Bench) -> None:
    stack(bench)
    bench.update(rolling_restart=True)
    assert course(bench) == [
        *("stop db", "start db", "stop api", "start api"),
        *("stop web", "start web"),
    ]


def test_what_does_not_depend_on_each_other_is_never_down_together(bench: Bench) -> None:
    bench.stale("a")
    bench.stale("b")
    bench.update()
    assert course(bench) == ["stop a", "start a", "stop b", "start b"]


def test_one_took_at_least_as_long_as_it_was_down(bench: Bench) -> None:
    stack(bench)
    bench.engine.fail_on["stop"] = bench.takes(8)
    results = bench.update(gate_seconds=2)
    took = {name: result.seconds for name, result in results.items()}
    # All are stopped first, web before api before db, and each waits for the gates before its own.
    assert took == {"db": 26, "api": 28, "web": 30}


def test_all_new_containers_are_made_before_the_first_one_is_stopped(bench: Bench) -> None:
    stack(bench)
    bench.update()
    names = [call.name for call in bench.engine.calls if call.name in ("create", "stop")]
    assert names == ["create"] * 3 + ["stop"] * 3


def test_one_that_cannot_be_made_stays_up_while_the_others_go_on(bench: Bench) -> None:
    stack(bench)
    bench.engine.fail_on["create", 2] = BROKEN
    bench.update()
    assert bench.states() == {"db": "updated", "api": "failed", "web": "updated"}
    assert "stop api" not in course(bench)


def test_one_that_fails_its_gate_comes_back_and_the_others_go_on(bench: Bench) -> None:
    bench.stale("web", config={"Labels": label("depends-on", "db")})
    bench.stale("db", new=FakeImage("bad", exit_code=1))
    bench.update()
    assert bench.states() == {"db": "rolled_back", "web": "updated"}
    assert bench.engine.named("db").is_running


def test_a_fault_of_ours_in_the_middle_of_a_batch_costs_nobody_anything(bench: Bench) -> None:
    stack(bench)
    bench.engine.fail_on["stop", 2] = LookupError("a bug")
    bench.update(guard=catching)
    assert bench.states() == {"db": "updated", "api": "failed", "web": "updated"}
    assert {one.name for one in bench.engine.kept.values() if one.is_running} == {
        *("db", "api", "web")
    }
    assert len(bench.engine.kept) == 3


@pytest.mark.parametrize("call", ["create", "stop", "rename", "start"])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_end_of_the_worker_in_a_batch_leaves_every_container_running(
    bench: Bench, call: str, number: int
) -> None:
    stack(bench)
    bench.engine.fail_on[call, number] = SystemExit(1)
    with pytest.raises(SystemExit):
        bench.update()
    assert bench.engine.names() == {"web", "api", "db"}
    assert all(one.is_running for one in bench.engine.kept.values())


def test_a_run_that_is_told_to_stop_ends_between_groups(bench: Bench) -> None:
    stack(bench)
    bench.stale("other")
    bench.recorder.goes_on = 5  # Four pulls, and the first group.
    with pytest.raises(Interrupted):
        bench.update()
    assert sorted(bench.states()) in (["other"], ["api", "db", "web"])
