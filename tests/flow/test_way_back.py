"""The way back, and what may go wrong on it."""

import pytest

from tests.fakes.engine import FakeEngine
from tests.flow.bench import ALWAYS, FakeClock
from tests.flow.workshop import BROKEN, HEALTHY, ILL, REMOVED, STOPS, Workshop
from updates.engine.errors import EngineConflict
from updates.flow.labels import ORIGINAL_IMAGE
from updates.flow.session import State, Step
from updates.flow.snapshot import Snapshot
from updates.flow.way_back import WayBack
from updates.flow.work import Work


def way_back(engine: FakeEngine, container: str) -> WayBack:
    old = Snapshot.take(engine, container)
    return WayBack(engine, FakeClock().clock, old, {}, is_held=True)


def test_where_nothing_happened_nothing_is_changed() -> None:
    engine = FakeEngine()
    web = engine.run("web", "shop/web:1", RestartPolicy=ALWAYS)
    back = way_back(engine, web)
    assert back.go() == []
    assert back.go() == []
    assert engine.named("web").is_running
    assert engine.named("web").host["RestartPolicy"] == ALWAYS


def test_a_rm_container_comes_back_once_from_its_own_image_and_still_follows_its_tag() -> None:
    engine = FakeEngine()
    web = engine.run("web", "shop/web:1", AutoRemove=True)
    image = engine.named("web").image
    back = way_back(engine, web)
    engine.stop(web, signal=None, timeout_s=1)
    image.tags.clear()
    assert back.go() == []
    assert back.go() == []
    assert engine.names() == {"web"}
    assert engine.named("web").id == back.twin_id
    assert engine.named("web").image is image
    assert engine.named("web").config["Labels"][ORIGINAL_IMAGE] == "shop/web:1"


def test_the_new_one_outlasts_a_rm_container_whose_volumes_would_else_go_with_it() -> None:
    engine = FakeEngine()
    web = engine.run("web", "shop/web:1", AutoRemove=True)
    back = way_back(engine, web)
    engine.run(back.old.temporary_name, "shop/web:1")
    engine.lingers = 3
    engine.stop(web, signal=None, timeout_s=1)
    seen: list[bool] = []
    engine.fail_on["remove", 1] = lambda _: seen.append(web in engine.kept)
    assert back.go() == []
    assert seen == [False]
    assert engine.names() == {"web"}


def test_a_rm_container_that_a_late_worker_may_stop_yet_is_made_again_at_once() -> None:
    engine = FakeEngine()
    web = engine.run("web", "shop/web:1", AutoRemove=True)
    back = way_back(engine, web)
    back.is_contested = True
    engine.run(back.old.temporary_name, "shop/web:1")
    seen: list[bool] = []
    engine.fail_on["remove", 1] = lambda _: seen.append(web in engine.kept)
    assert back.go() == []
    assert seen == [False], "nobody can stop it any more, once the new one is gone"
    assert engine.names() == {"web"}
    assert engine.named("web").id == back.twin_id
    assert engine.named("web").is_running


def test_what_runs_under_the_new_ones_name_for_good_is_a_trouble_and_not_waited_for() -> None:
    engine = FakeEngine()
    web = engine.run("web", "shop/web:1")
    back = way_back(engine, web)
    engine.run(back.old.temporary_name, "shop/web:1")
    engine.fail_on["remove"] = EngineConflict("The engine answered 409: busy.", 409)
    assert back.go()[0] == "Could not remove the new container: The engine answered 409: busy."
    assert back.clock.monotonic() == 0


ROLL_BACK_CALLS = [
    ("remove", "Could not remove the new container: "),
    ("rename", "Could not give the old container its name back: "),
    ("set_restart_policy", "Could not start the old container: "),
    ("start", "Could not start the old container: "),
]


@pytest.mark.parametrize(("name", "words"), ROLL_BACK_CALLS)
def test_a_fault_on_the_way_back_is_failed_told_and_leaves_the_journal_open(
    name: str, words: str
) -> None:
    shop = Workshop(STOPS)
    healthy_calls = {"remove": 0, "rename": 2, "set_restart_policy": 1, "start": 1}
    shop.engine.fail_on[name, healthy_calls[name] + 1] = BROKEN
    outcome = shop.replace()
    assert outcome.state is State.FAILED
    assert "did not pass" in outcome.reason
    assert f"Going back did not work in full: {words}" in outcome.reason
    assert shop.journal.last.is_open
    assert shop.old_id in shop.engine.kept


def test_a_new_one_that_still_runs_keeps_the_old_one_stopped() -> None:
    shop = Workshop(ILL)
    shop.engine.fail_on["remove"] = EngineConflict("The engine answered 409: busy.", 409)
    outcome = shop.replace()
    assert outcome.state is State.FAILED
    assert "The old container stays stopped while the new one runs." in outcome.reason
    assert shop.web.image.id == shop.new_image.id
    assert not shop.engine.kept[shop.old_id].is_running
    assert shop.engine.kept[shop.old_id].host["RestartPolicy"] == {"Name": "no"}


def test_a_new_rm_container_that_the_engine_removes_itself_is_waited_for() -> None:
    shop = Workshop(REMOVED)
    shop.engine.fail_on["start", 1] = lambda _: setattr(shop.engine, "lingers", 4)
    assert shop.replace().state is State.ROLLED_BACK
    shop.check_old_one_is_back()


def test_a_record_that_cannot_be_written_does_not_cost_the_container() -> None:
    shop = Workshop(HEALTHY)

    def broken_record(step: Step, message: str, limit_s: float | None = None) -> None:
        if step in (Step.GATE, Step.ROLL_BACK):
            raise OSError("the database is gone")

    replacement = shop.replacement()
    replacement.tell = broken_record
    shop.engine.witness = lambda _: None
    with pytest.raises(OSError, match="database"):
        Work(replacement).run()
    shop.check_old_one_is_back()
