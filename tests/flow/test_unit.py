"""Those that share something succeed together, or roll back together."""

from contextlib import suppress

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import Call
from tests.flow.bench import Bench
from tests.flow.faults import catching
from tests.flow.test_execute import BROKEN
from updates.engine.container import ExecResult
from updates.flow.course import WAITS
from updates.flow.execute import STOPPED
from updates.flow.policy import Policies
from updates.flow.session import Step

BAD = FakeImage("bad", exit_code=1)
EFFECTS = ["create", "set_restart_policy", "stop", "rename", "start", "remove"]


def pair(bench: Bench, *, vpn: FakeImage | None = None, torrent: FakeImage | None = None) -> None:
    """torrent lives in the network of vpn; both are stale."""
    parent = bench.stale("vpn", new=vpn)
    bench.stale("torrent", new=torrent, NetworkMode=f"container:{parent}")


def images(bench: Bench) -> dict[str, str]:
    """Which image each container has: "old" or "new"."""
    kept = bench.engine.kept.values()
    return {one.name: "old" if one.image.seed.startswith("shop/") else "new" for one in kept}


def check_all_run_and_are_connected(bench: Bench) -> None:
    assert bench.engine.names() == {"vpn", "torrent"}
    assert all(one.is_running for one in bench.engine.kept.values())
    assert bench.engine.is_connected("torrent")


def test_both_are_updated_and_only_then_are_the_old_ones_removed(bench: Bench) -> None:
    pair(bench)
    bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "updated"}
    check_all_run_and_are_connected(bench)
    names = [call.name for call in bench.engine.calls if call.name in ("start", "remove")]
    assert names == ["start", "start", "remove", "remove"]


def test_the_journal_knows_both_before_anything_is_done_to_either(bench: Bench) -> None:
    pair(bench)
    known: list[int] = []

    def witness(call: Call) -> None:
        if call.name == "stop":
            known.append(len(bench.journal.entries))

    bench.engine.witness = witness
    bench.update()
    assert known[0] == 2


def test_the_journal_gives_both_up_at_once(bench: Bench) -> None:
    pair(bench)
    steps: list[set[tuple[str, Step]]] = []

    def witness(call: Call) -> None:
        if call.name == "remove":
            steps.append({entry.steps[-1] for entry in bench.journal.entries})

    bench.engine.witness = witness
    bench.update()
    assert steps[0] == {("before", Step.RELEASE)}


def test_a_parent_goes_back_with_one_that_fails_in_its_network(bench: Bench) -> None:
    pair(bench, torrent=BAD)
    results = bench.update()
    assert bench.states() == {"vpn": "rolled_back", "torrent": "rolled_back"}
    assert "torrent, which shares with it, failed: The new" in results["vpn"].reason
    assert images(bench) == {"vpn": "old", "torrent": "old"}
    check_all_run_and_are_connected(bench)


def test_one_that_is_not_monitored_takes_its_parent_back_too(bench: Bench) -> None:
    parent = bench.stale("vpn")
    bench.fresh("torrent", NetworkMode=f"container:{parent}")
    bench.engine.fail_on["create", 2] = BROKEN
    bench.update()
    assert bench.states() == {"vpn": "rolled_back", "torrent": "rolled_back"}
    check_all_run_and_are_connected(bench)


def test_one_whose_parent_fails_waits_and_is_connected_again(bench: Bench) -> None:
    pair(bench, vpn=BAD)
    results = bench.update()
    assert bench.states() == {"vpn": "rolled_back", "torrent": "restarted"}
    assert WAITS in results["torrent"].reason
    assert images(bench) == {"vpn": "old", "torrent": "old"}
    check_all_run_and_are_connected(bench)


def test_one_that_asks_to_skip_is_connected_to_its_new_parent_all_the_same(bench: Bench) -> None:
    pair(bench)
    hook = {"lifecycle_pre_update": "wait", "enable_lifecycle_hooks": True}
    bench.policies = Policies(containers={"torrent": hook})
    bench.engine.ends["wait"] = ExecResult(75, "")
    bench.engine.fail_on["pull"] = bench.takes(5)
    results = bench.update(gate_seconds=2)
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert "exit code 75" in results["torrent"].reason
    assert images(bench) == {"vpn": "new", "torrent": "old"}
    assert results["torrent"].seconds == 5 + 2 + 2  # Its pull, and both gates.
    check_all_run_and_are_connected(bench)


def test_a_fault_of_ours_in_one_takes_both_back(bench: Bench) -> None:
    pair(bench)
    bench.engine.fail_on["rename", 4] = KeyError("odd")
    bench.update(guard=catching)
    assert bench.states() == {"vpn": "rolled_back", "torrent": "failed"}
    check_all_run_and_are_connected(bench)


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("effect", EFFECTS)
def test_whatever_call_fails_both_run_and_are_connected(
    bench: Bench, effect: str, number: int
) -> None:
    pair(bench)
    bench.engine.fail_on[effect, number] = BROKEN
    bench.update()
    if bench.engine.counts()[effect] >= number and effect == "remove":
        return  # The old one stays beside the new one, and is told of.
    check_all_run_and_are_connected(bench)
    assert images(bench)["vpn"] == images(bench)["torrent"]


@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize("effect", EFFECTS[:-1])
def test_the_end_of_the_worker_leaves_both_running_and_connected(
    bench: Bench, effect: str, number: int
) -> None:
    pair(bench)
    bench.engine.fail_on[effect, number] = SystemExit(1)
    with suppress(SystemExit):
        bench.update()
    check_all_run_and_are_connected(bench)
    assert images(bench)["vpn"] == images(bench)["torrent"]


class NoRecord(Exception):
    """The database is gone."""


def test_what_may_be_committed_is_left_to_recovery(bench: Bench) -> None:
    """The answer to a commit can be lost when the commit itself was not."""
    pair(bench)
    bench.journal.loses_answer_with = NoRecord()
    with pytest.raises(NoRecord):
        bench.update()
    assert {entry.steps[-1] for entry in bench.journal.entries} == {("before", Step.RELEASE)}
    assert bench.engine.counts()["remove"] == 0


def test_a_record_that_cannot_be_written_takes_nothing_back_that_is_committed(
    bench: Bench,
) -> None:
    pair(bench)
    bench.engine.fail_on["remove", 1] = NoRecord()
    with pytest.raises(NoRecord):
        bench.update()
    running = [one.image.seed for one in bench.engine.kept.values() if one.is_running]
    assert not any(seed.startswith("shop/") for seed in running), "only the new ones run"
    assert bench.engine.is_connected("torrent")


def test_a_rolling_update_ends_at_the_first_failure(bench: Bench) -> None:
    bench.stale("a", new=BAD)
    bench.stale("b")
    results = bench.update(rolling_restart=True)
    assert bench.states() == {"a": "rolled_back", "b": "stale"}
    assert results["b"].reason == STOPPED


def test_and_goes_on_where_that_is_set(bench: Bench) -> None:
    bench.stale("a", new=BAD)
    bench.stale("b")
    bench.update(rolling_restart=True, rolling_stops=False)
    assert bench.states() == {"a": "rolled_back", "b": "updated"}


def test_one_that_is_cut_off_is_seen_to_even_after_the_first_failure(bench: Bench) -> None:
    pair(bench, vpn=BAD)
    bench.stale("web")
    bench.update(rolling_restart=True)
    assert bench.states() == {"vpn": "rolled_back", "torrent": "restarted", "web": "stale"}
