"""Old images go when nobody needs them, and never by force."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import FakeEngine
from updates.engine.errors import EngineRefused
from updates.flow.clean_up import clean_up
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


def clean(engine: FakeEngine, *images: FakeImage) -> list[str]:
    notes: list[str] = []
    clean_up(engine, [image.id for image in images], notes.append)
    return notes


def test_an_image_that_nobody_needs_goes_with_the_tag_that_kept_it(engine: FakeEngine) -> None:
    old = replaced(engine)
    assert clean(engine, old) == [f"Removed the old image {kept_tag(old.id)}."]
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
    assert len(notes) == 2
    assert first.id in engine.stored
    assert second.id not in engine.stored
