"""The whole course of a run on one host."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.names import remote_digest
from tests.flow.bench import Bench
from tests.flow.summaries import label
from updates.engine.errors import EngineUnreachable
from updates.flow.session import Step
from updates.flow.ties import Ties

CHANGES = {
    *("pull", "tag", "remove_image", "create", "rename"),
    *("start", "stop", "remove", "set_restart_policy"),
}


def fleet(bench: Bench) -> None:
    """Ten containers, three of them stale, on seven references."""
    for number in range(5):
        bench.fresh(f"web-{number}", "shop/web:1")
    bench.fresh("cache")
    bench.fresh("proxy")
    for name in ("api", "db", "jobs"):
        bench.stale(name)


def test_a_scan_says_what_is_stale_and_changes_nothing(bench: Bench) -> None:
    fleet(bench)
    results = bench.scan()
    assert {name for name, result in results.items() if result.state == "stale"} == {
        "api",
        "db",
        "jobs",
    }
    assert CHANGES.isdisjoint(bench.engine.counts())
    assert bench.recorder.plan.actions == ()
    assert bench.journal.entries == []


def test_a_scan_is_one_container_list_one_image_list_and_one_question_a_reference(
    bench: Bench,
) -> None:
    fleet(bench)
    bench.scan()
    assert bench.engine.counts() == {"containers": 1, "images": 1}
    assert len(bench.registries.asked) == len(set(bench.registries.asked)) == 6


def test_all_that_is_left_as_it_is_is_recorded_at_once(bench: Bench) -> None:
    fleet(bench)
    bench.update()
    assert bench.recorder.bulks == [7]
    assert len(bench.recorder.told) == 10


def test_an_update_replaces_what_is_stale_and_nothing_else(bench: Bench) -> None:
    fleet(bench)
    untouched = {name: bench.engine.named(name).id for name in ("web-0", "cache", "proxy")}
    results = bench.update()
    assert {name for name, result in results.items() if result.state == "updated"} == {
        "api",
        "db",
        "jobs",
    }
    assert {name: bench.engine.named(name).id for name in untouched} == untouched
    assert all(one.is_running for one in bench.engine.kept.values())
    assert len(bench.engine.names()) == 10


def test_an_update_inspects_only_what_is_replaced_once_everybodys_ties_are_known(
    bench: Bench,
) -> None:
    fleet(bench)
    bench.recorder.ties = {one: Ties() for one in bench.engine.kept}
    stale = {bench.engine.named(name).id for name in ("api", "db", "jobs")}
    bench.update()
    new = {bench.engine.named(name).id for name in ("api", "db", "jobs")}
    inspected = {c.target for c in bench.engine.calls if c.name == "inspect_container"}
    assert inspected == stale | new
    assert bench.engine.counts()["containers"] == bench.engine.counts()["images"] == 2
    assert bench.engine.counts()["pull"] == 3


def test_a_result_names_both_images_and_both_digests(bench: Bench) -> None:
    old_id = bench.stale("web")
    old = bench.engine.named("web").image
    result = bench.update()["web"]
    new = bench.engine.named("web")
    assert (result.container_id, result.new_id) == (old_id, new.id)
    assert (result.old_image_id, result.new_image_id) == (old.id, new.image.id)
    assert result.old_digest == remote_digest("shop/web:1")
    assert result.new_digest == remote_digest("new shop/web:1")
    assert result.image == "shop/web:1"
    assert result.reason == "The registry has another image under this tag."


def test_each_step_is_told_in_its_order(bench: Bench) -> None:
    bench.stale("web")
    bench.update()
    assert [step for _, step, _ in bench.recorder.steps] == [
        Step.PULL,
        Step.PULLED,
        Step.CREATE,
        Step.HOLD,
        Step.SWAP,
        Step.START,
        Step.GATE,
        Step.RELEASE,
    ]


def test_after_an_update_everything_is_fresh(bench: Bench) -> None:
    fleet(bench)
    bench.update()
    bench.again()
    assert {result.state for result in bench.scan().values()} == {"fresh"}


def test_the_inventory_is_told_before_and_after(bench: Bench) -> None:
    bench.stale("web")
    bench.update()
    assert bench.recorder.lists == [(1, 1), (1, 2)]


def test_monitor_only_pulls_and_replaces_nothing(bench: Bench) -> None:
    bench.stale("web")
    assert bench.update(monitor_only=True)["web"].state == "stale"
    assert CHANGES.isdisjoint(bench.engine.counts())


def test_no_pull_changes_to_what_is_on_the_host_and_pulls_nothing(bench: Bench) -> None:
    bench.stale("moved")
    bench.stale("stays")
    bench.engine.add_image(FakeImage("by hand"), "shop/moved:1")
    bench.update(no_pull=True)
    assert bench.states() == {"moved": "updated", "stays": "skipped"}
    assert bench.engine.named("moved").image.seed == "by hand"
    assert bench.engine.counts()["pull"] == 0
    assert bench.registries.asked == []


def test_an_image_built_on_the_host_is_changed_to_without_a_pull(bench: Bench) -> None:
    bench.engine.run("app", "local/app:1")
    bench.engine.named("app").image.digests.clear()
    built = FakeImage("built again")
    bench.engine.add_image(built, "local/app:1")
    built.digests.clear()
    assert bench.update()["app"].state == "updated"
    assert bench.engine.named("app").image.seed == "built again"
    assert bench.engine.counts()["pull"] == 0


def test_clean_up_removes_the_old_image_but_never_one_in_use(bench: Bench) -> None:
    bench.stale("a", "shop/a:1")
    bench.stale("b", "shop/b:1")
    shared = bench.engine.named("b").image
    bench.engine.run("other", shared.id, state="exited")
    old = bench.engine.named("a").image
    bench.update(cleanup=True)
    assert old.id not in bench.engine.stored
    assert shared.id in bench.engine.stored
    assert [note for note in bench.recorder.notes if "Removed" in note] == [
        f"Removed the old image {old.id[7:19]}."
    ]


def test_without_clean_up_the_old_image_stays_for_a_roll_back(bench: Bench) -> None:
    bench.stale("web")
    old = bench.engine.named("web").image
    bench.update()
    assert old.id in bench.engine.stored


def test_clean_up_keeps_the_image_of_what_was_rolled_back(bench: Bench) -> None:
    bench.stale("web", new=FakeImage("bad", exit_code=1))
    old = bench.engine.named("web").image
    assert bench.update(cleanup=True)["web"].state == "rolled_back"
    assert old.id in bench.engine.stored


def test_a_parent_is_updated_before_those_that_depend_on_it(bench: Bench) -> None:
    bench.stale("web", config={"Labels": label("depends-on", "db")})
    bench.stale("db")
    bench.update()
    assert list(bench.recorder.told) == ["db", "web"]


def test_a_circle_is_skipped_and_those_behind_it_are_updated(bench: Bench) -> None:
    for name, other in [("a", "b"), ("b", "a"), ("x", "a")]:
        bench.stale(name, config={"Labels": label("depends-on", other)})
    bench.update()
    assert bench.states() == {"a": "skipped", "b": "skipped", "x": "updated"}


def test_watchweb_never_replaces_itself(bench: Bench) -> None:
    own = bench.stale("watchweb")
    bench.update(own_ids={own})
    assert bench.engine.named("watchweb").id == own
    assert bench.recorder.told == {}
    assert bench.recorder.verdicts[own].status == "excluded"


def test_a_container_that_vanishes_in_the_middle_is_skipped(bench: Bench) -> None:
    gone = bench.stale("a")
    bench.stale("b")
    bench.engine.fail_on["pull", 1] = lambda _: bench.engine.forget(gone)
    results = bench.update()
    assert (results["a"].state, results["a"].reason) == ("skipped", "It is not there any more.")
    assert results["b"].state == "updated"


@pytest.mark.parametrize("name", ["containers", "images"])
def test_a_host_that_cannot_be_listed_fails_as_a_whole(bench: Bench, name: str) -> None:
    bench.stale("web")
    bench.engine.fail_on[name] = EngineUnreachable("The engine at x cannot be reached.")
    with pytest.raises(EngineUnreachable):
        bench.update()


def test_every_container_that_takes_part_has_one_result(bench: Bench) -> None:
    fleet(bench)
    bench.engine.run("odd", "Odd:::1")
    bench.stale("ill", new=FakeImage("bad", exit_code=1))
    bench.update()
    assert set(bench.recorder.told) == bench.engine.names()


def test_a_helper_of_watchwebs_is_no_part_of_a_run(bench: Bench) -> None:
    helper = bench.stale("watchweb-helper", config={"Labels": {"watchweb.helper": "7"}})
    bench.stale("web")
    assert bench.update().keys() == {"web"}
    assert bench.engine.named("watchweb-helper").id == helper
    assert helper not in bench.recorder.verdicts
    assert [containers for containers, _ in bench.recorder.lists] == [1, 1]
