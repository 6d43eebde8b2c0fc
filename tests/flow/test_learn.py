"""Ties are asked for once in a container's life, and only when something is to be replaced."""

import json
from typing import Any

import pytest

from tests.flow.bench import Bench
from tests.flow.faults import catching
from tests.flow.summaries import label
from updates.engine.errors import EngineRefused, NoSuchObject
from updates.flow.edges import EdgeKind, shares
from updates.flow.plan import WOULD_LOSE
from updates.flow.ties import Ties


def inspected(bench: Bench) -> list[str]:
    """Names, or ids of those that are gone, in order."""
    names = {one.id: one.name for one in bench.engine.kept.values()}
    calls = (one for one in bench.engine.calls if one.name == "inspect_container")
    return [names.get(one.target, one.target) for one in calls]


def test_a_scan_never_asks(bench: Bench) -> None:
    bench.stale("data")
    bench.fresh("web", VolumesFrom=["data"])
    bench.scan()
    assert inspected(bench) == []
    assert bench.recorder.ties == {}


def test_a_run_that_changes_nothing_never_asks(bench: Bench) -> None:
    bench.fresh("data")
    bench.fresh("web", VolumesFrom=["data"])
    bench.update()
    assert inspected(bench) == []


def test_everybody_is_asked_once_and_the_record_keeps_it(bench: Bench) -> None:
    bench.stale("api")
    db, web = bench.fresh("db"), bench.fresh("web", PidMode="container:db")
    bench.update()
    assert inspected(bench).count("web") == inspected(bench).count("db") == 1
    assert bench.recorder.ties[web] == Ties(pid="container:db")
    assert bench.recorder.ties[db] == Ties()

    bench.again()
    bench.stale("more")
    bench.update()
    assert {"web", "db"}.isdisjoint(inspected(bench))
    assert inspected(bench).count("api") == 1  # the new one, for the first time


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ({"IpcMode": "container:data"}, EdgeKind.IPC),
        ({"PidMode": "container:data"}, EdgeKind.PID),
        ({"VolumesFrom": ["data:ro"]}, EdgeKind.VOLUMES_FROM),
        ({"NetworkMode": "container:data"}, EdgeKind.NETWORK),
    ],
)
@pytest.mark.parametrize("how", ["name", "id", "short id", "half a short id"])
def test_what_shares_anything_is_recreated_after_its_owner_and_runs(
    bench: Bench, host: dict[str, Any], kind: EdgeKind, how: str
) -> None:
    parent = bench.stale("data")
    spelled = {"name": "data", "id": parent, "short id": parent[:12]}.get(how, parent[:6])
    written = json.loads(json.dumps(host).replace("data", spelled))
    bench.fresh("web", **written)
    results = bench.update()
    assert bench.states() == {"data": "updated", "web": "restarted"}
    assert results["web"].reason == shares({kind})
    assert bench.engine.named("web").is_running
    new = bench.engine.named("data").id
    assert str(bench.engine.named("web").host).count(new if how != "name" else "data") == 1


def test_one_whose_processes_ended_with_its_parents_runs_again_on_its_own_new_image(
    bench: Bench,
) -> None:
    bench.stale("data")
    bench.stale("web", PidMode="container:data")
    bench.update()
    assert bench.states() == {"data": "updated", "web": "updated"}
    assert bench.engine.named("web").is_running


@pytest.mark.parametrize("between", [False, True])
def test_one_that_would_end_with_its_parent_and_remove_itself_is_never_lost(
    bench: Bench, between: bool
) -> None:
    bench.stale("data")
    if between:
        bench.fresh("middle", VolumesFrom=["data"])
    bench.fresh("once", PidMode=f"container:{'middle' if between else 'data'}", AutoRemove=True)
    results = bench.update()
    assert bench.states()["data"] == "stale"
    assert results["data"].reason == WOULD_LOSE
    assert bench.engine.named("once").is_running


def test_one_that_removes_itself_but_only_shares_volumes_follows(bench: Bench) -> None:
    bench.stale("data")
    bench.fresh("once", VolumesFrom=["data"], AutoRemove=True)
    bench.update()
    assert bench.states() == {"data": "updated", "once": "restarted"}
    assert bench.engine.named("once").is_running


def test_a_stopped_one_that_shares_stays_stopped(bench: Bench) -> None:
    bench.stale("data")
    bench.fresh("web", state="exited", PidMode="container:data")
    bench.update()
    assert bench.states() == {"data": "updated", "web": "restarted"}
    assert bench.engine.named("web").state == "created"


def test_a_linked_one_comes_after_what_it_is_linked_to(bench: Bench) -> None:
    bench.stale("a", Links=["/db:/a/db"])
    bench.stale("db")
    bench.update()
    assert [entry.name for entry in bench.journal.entries] == ["db", "a"]


def test_one_that_vanished_or_cannot_be_inspected_is_asked_again(bench: Bench) -> None:
    bench.stale("api")
    odd, web = bench.fresh("odd"), bench.fresh("web")
    bench.engine.fail_on["inspect_container"] = lambda call: {
        odd: EngineRefused("The engine answered 500: broken.", 500),
        web: NoSuchObject("The engine answered 404: gone.", 404),
    }.get(call.target)
    bench.update()
    assert bench.states() == {"api": "updated", "odd": "fresh", "web": "fresh"}
    assert {odd, web}.isdisjoint(bench.recorder.ties)


def test_a_fault_of_ours_over_one_document_is_its_own(bench: Bench) -> None:
    bench.stale("api")
    odd = bench.fresh("odd")
    bench.engine.fail_on["inspect_container"] = lambda call: (
        KeyError("HostConfig") if call.target == odd else None
    )
    bench.update(guard=catching)
    assert bench.states() == {"api": "updated", "odd": "fresh"}


def test_without_compose_its_order_counts_for_nothing(bench: Bench) -> None:
    needs = {"com.docker.compose.project": "shop", "com.docker.compose.depends_on": "db"}
    db = {"com.docker.compose.project": "shop", "com.docker.compose.service": "db"}
    bench.stale("a", config={"Labels": needs | label("depends-on", "c")})
    bench.stale("b", config={"Labels": db})
    bench.stale("c")
    bench.update(use_compose_depends_on=False)
    assert [entry.name for entry in bench.journal.entries] == ["b", "c", "a"]
