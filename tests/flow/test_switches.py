"""What each switch of an update changes, in a whole run on a host in memory."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.flow.bench import Bench
from tests.flow.summaries import label
from updates.flow.closing import NOT_STARTED
from updates.flow.policy import Policies


def calls(bench: Bench, name: str) -> list[object]:
    return [call for call in bench.engine.calls if call.name == name]


def test_no_restart_recreates_without_starting_and_loses_nothing(bench: Bench) -> None:
    bench.stale("web")
    result = bench.update(no_restart=True)["web"]
    assert (result.state, result.reason) == ("updated", NOT_STARTED)
    web = bench.engine.named("web")
    assert (web.id, web.is_running) == (result.new_id, False)
    assert web.image.id == result.new_image_id
    assert len(bench.engine.kept) == 1


def test_what_lives_in_the_network_of_one_that_is_not_started_is_not_started_either(
    bench: Bench,
) -> None:
    vpn = bench.stale("vpn")
    bench.fresh("torrent", NetworkMode=f"container:{vpn}")
    bench.policies = Policies(containers={"vpn": {"no_restart": True}})
    bench.update()
    assert bench.states() == {"vpn": "updated", "torrent": "restarted"}
    assert not bench.engine.named("torrent").is_running


def test_revive_stopped_starts_what_was_stopped_once_it_is_updated(bench: Bench) -> None:
    bench.stale("off", state="exited")
    bench.fresh("idle", state="exited")
    bench.update(include_stopped=True, revive_stopped=True)
    assert bench.engine.named("off").is_running
    assert not bench.engine.named("idle").is_running, "it has no update"


def test_without_it_what_was_stopped_stays_so(bench: Bench) -> None:
    bench.stale("off", state="exited")
    assert bench.update(include_stopped=True)["off"].state == "updated"
    assert not bench.engine.named("off").is_running


@pytest.mark.parametrize(("code", "state"), [(0, "updated"), (1, "rolled_back")])
def test_a_revived_job_may_end_well_but_not_badly(bench: Bench, code: int, state: str) -> None:
    bench.stale("job", state="exited", new=FakeImage("new", exit_code=code))
    result = bench.update(include_stopped=True, revive_stopped=True)["job"]
    assert result.state == state


def test_remove_volumes_begins_anew_and_removes_the_old_ones(bench: Bench) -> None:
    bench.stale("web")
    bench.update(remove_volumes=True)
    (removal,) = calls(bench, "remove")
    assert removal.how["volumes"] is True  # type: ignore[attr-defined]


def test_a_mere_restart_never_removes_volumes(bench: Bench) -> None:
    vpn = bench.stale("vpn")
    bench.fresh("torrent", NetworkMode=f"container:{vpn}")
    bench.update(remove_volumes=True)
    removed = {
        call.target: call.how["volumes"] for call in bench.engine.calls if call.name == "remove"
    }
    assert removed[vpn] is True
    assert sorted(removed.values()) == [False, True]


@pytest.mark.parametrize(
    ("policies", "seconds"),
    [
        (Policies(), 10),
        (Policies(host={"stop_timeout": 3}), 3),
        (Policies(host={"stop_timeout": 3}, containers={"web": {"stop_timeout": 99}}), 99),
    ],
)
def test_the_stop_timeout_is_the_nearest_one(
    bench: Bench, policies: Policies, seconds: int
) -> None:
    bench.stale("web")
    bench.policies = policies
    bench.update()
    assert [call.how["timeout_s"] for call in calls(bench, "stop")] == [seconds]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("policies", "seconds"),
    [
        (Policies(host={"stop_timeout": 3}), 44),
        (Policies(containers={"web": {"stop_timeout": 99}}), 99),
    ],
)
def test_the_containers_own_stop_timeout_wins_over_one_for_all_but_not_over_its_policy(
    bench: Bench, policies: Policies, seconds: int
) -> None:
    bench.stale("web", config={"StopTimeout": 44})
    bench.policies = policies
    bench.update()
    assert [call.how["timeout_s"] for call in calls(bench, "stop")] == [seconds]  # type: ignore[attr-defined]


def test_no_pull_of_one_container_asks_nothing_for_it_and_leaves_the_other_alone(
    bench: Bench,
) -> None:
    bench.stale("web", config={"Labels": label("no-pull", "true")})
    bench.stale("db")
    bench.update()
    assert bench.registries.asked == ["shop/db:1"]
    assert bench.states() == {"web": "skipped", "db": "updated"}


def test_a_label_that_nobody_understands_is_told_and_does_not_count(bench: Bench) -> None:
    bench.stale("web", config={"Labels": label("stop-timeout", "soon")})
    assert bench.update()["web"].state == "updated"
    assert any("label stop-timeout is left out of account" in note for note in bench.recorder.notes)


def test_a_result_tells_what_was_set_for_it_and_where(bench: Bench) -> None:
    bench.fresh("web", config={"Labels": label("monitor-only", "true")})
    bench.policies = Policies(everywhere={"cleanup": True}, host={"stop_timeout": 3})
    assert bench.update()["web"].settings == {
        "cleanup": {"value": True, "from": "global"},
        "stop_timeout": {"value": 3, "from": "host"},
        "monitor_only": {"value": True, "from": "label"},
    }
