"""Old images go when nobody needs them, and never by force."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import FakeEngine
from tests.fakes.record import NOW, MemoryRecorder
from tests.flow.rules import rules
from updates.engine.errors import EngineRefused
from updates.flow.clean_up import CleanUp
from updates.flow.policy import Policies
from updates.flow.ports import Replaced
from updates.flow.pull import KEEP_REPOSITORY, kept_tag


def replaced(engine: FakeEngine, seed: str = "old") -> FakeImage:
    """An image whose tag has moved on, as a pull of ours leaves it."""
    old = engine.add_image(FakeImage(seed), f"shop/{seed}:1")
    engine.tag(old.id, KEEP_REPOSITORY, kept_tag(old.id))
    engine.add_image(FakeImage(f"newer {seed}"), f"shop/{seed}:1")
    return old


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=2)


def clean(
    engine: FakeEngine, *images: FakeImage, policies: Policies | None = None, **switches: Any
) -> list[str]:
    """The notes of a clean-up two days after "web" was updated away from each of the images, one
    after the other."""
    recorder = MemoryRecorder()
    known = rules(policies=policies, **{"cleanup": True} | switches)
    gone = [Replaced("web", one.id, NOW + number * HOUR) for number, one in enumerate(images)]
    CleanUp(engine, recorder, known).run(gone, [*engine.stored], LATER)
    return recorder.notes


def test_an_image_that_nobody_needs_goes_with_the_tag_that_kept_it(engine: FakeEngine) -> None:
    old = replaced(engine)
    assert clean(engine, old) == [
        f"Removed the old image {kept_tag(old.id)}.",
        "Clean-up won 3.0 MiB.",
    ]
    assert old.id not in engine.stored


def test_an_image_in_use_stays_with_the_tag_that_keeps_it(engine: FakeEngine) -> None:
    old = replaced(engine)
    engine.run("other", old.id, state="exited")
    assert clean(engine, old) == []
    assert engine.stored[old.id].tags == [f"{KEEP_REPOSITORY}:{kept_tag(old.id)}"]


def test_an_image_with_a_name_of_the_users_own_stays_and_that_is_told(engine: FakeEngine) -> None:
    old = replaced(engine)
    engine.tag(old.id, "my/backup", "1")
    assert "could not be removed: The engine answered 409" in clean(engine, old)[0]
    assert "my/backup:1" in engine.stored[old.id].tags


def test_an_image_that_is_gone_already_is_no_trouble(engine: FakeEngine) -> None:
    old = replaced(engine)
    del engine.stored[old.id]
    assert "could not" not in " ".join(clean(engine, old))


def test_one_image_that_cannot_be_removed_does_not_keep_the_next_one(engine: FakeEngine) -> None:
    first, second = sorted((replaced(engine, "a"), replaced(engine, "b")), key=lambda one: one.id)
    engine.fail_on["remove_image", 1] = EngineRefused("The engine answered 500: no.", 500)
    notes = clean(engine, first, second)
    assert len(notes) == 3
    assert first.id in engine.stored
    assert second.id not in engine.stored


@pytest.mark.parametrize(("window", "stays"), [(3 * 86_400, True), (86_400, False)])
def test_an_image_stays_for_as_long_as_a_roll_back_may_need_it(
    engine: FakeEngine, window: int, stays: bool
) -> None:
    old = replaced(engine)
    clean(engine, old, rollback_window=window)
    assert (old.id in engine.stored) is stays


def test_an_image_that_another_container_keeps_for_itself_stays(engine: FakeEngine) -> None:
    """Both had it; one of them is not cleaned up after."""
    old = replaced(engine)
    known = rules(
        policies=Policies(containers={"db": {"cleanup": False}, "web": {"cleanup": True}})
    )
    gone = [Replaced(name, old.id, NOW) for name in ("web", "db")]
    CleanUp(engine, MemoryRecorder(), known).run(gone, [*engine.stored], LATER)
    assert old.id in engine.stored


def test_where_nothing_was_replaced_the_engine_is_asked_nothing(engine: FakeEngine) -> None:
    engine.calls.clear()
    CleanUp(engine, MemoryRecorder(), rules(cleanup=True)).run([], [*engine.stored], LATER)
    assert engine.calls == []


def test_an_engine_that_cannot_tell_its_size_cleans_up_all_the_same(engine: FakeEngine) -> None:
    old = replaced(engine)
    engine.fail_on["layers_size"] = EngineRefused("The engine answered 500: no.", 500)
    assert clean(engine, old) == [f"Removed the old image {kept_tag(old.id)}."]


@pytest.mark.parametrize("versions", [0, 1, 2, 9])
def test_the_last_images_stay_however_old_they_are(engine: FakeEngine, versions: int) -> None:
    images = [replaced(engine, seed) for seed in ("first", "second", "third")]
    clean(engine, *images, rollback_versions=versions)
    kept = [one.seed for one in images if one.id in engine.stored]
    assert kept == ["first", "second", "third"][max(0, 3 - versions) :]


def test_an_image_that_was_replaced_twice_counts_once_and_the_present_one_never(
    engine: FakeEngine,
) -> None:
    """It went back to "second", and forward again, and is on "third" now."""
    first, second, third = (replaced(engine, seed) for seed in ("first", "second", "third"))
    engine.run("web", third.id)
    clean(engine, first, second, third, second, rollback_versions=2)
    assert {first.id, second.id, third.id} <= engine.stored.keys()


def test_either_the_window_or_the_number_keeps_it(engine: FakeEngine) -> None:
    images = [replaced(engine, seed) for seed in ("first", "second")]
    clean(engine, *images, rollback_versions=1, rollback_window=3 * 86_400)
    assert all(one.id in engine.stored for one in images)
