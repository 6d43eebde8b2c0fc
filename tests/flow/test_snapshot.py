"""What a container was, and what it takes to make it again."""

from typing import Any

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import FakeEngine
from tests.fakes.names import digest_of
from updates.flow.labels import ORIGINAL_IMAGE
from updates.flow.snapshot import Snapshot


def taken(engine: FakeEngine, **config: Any) -> Snapshot:
    return Snapshot.take(engine, engine.run("web", "shop/web:1", config=config))


def body_image(snapshot: Snapshot, image: str) -> tuple[str, str]:
    """(what it is created from, what it is labelled to follow)."""
    config = snapshot.body("1.47", image=image, image_id="", new_ids={}).config
    return config["Image"], config["Labels"].get(ORIGINAL_IMAGE, "")


def test_it_is_made_again_from_its_reference_while_that_names_its_image() -> None:
    engine = FakeEngine()
    assert taken(engine).own_image(engine) == "shop/web:1"


def test_once_the_tag_has_moved_it_is_made_again_from_its_image_and_no_other() -> None:
    engine = FakeEngine()
    snapshot = taken(engine)
    engine.add_image(FakeImage("new"), "shop/web:1")
    assert snapshot.own_image(engine) == snapshot.image_id


def test_once_the_tag_is_gone_it_is_made_again_from_its_image() -> None:
    engine = FakeEngine()
    snapshot = taken(engine)
    engine.named("web").image.tags.clear()
    assert snapshot.own_image(engine) == snapshot.image_id


def test_one_made_from_a_bare_id_goes_on_to_follow_its_reference() -> None:
    engine = FakeEngine()
    snapshot = taken(engine)
    assert body_image(snapshot, snapshot.image_id) == (snapshot.image_id, "shop/web:1")
    assert body_image(snapshot, "shop/web:1") == ("shop/web:1", "")


def test_one_that_never_had_a_reference_gets_none() -> None:
    engine = FakeEngine()
    engine.add_image(FakeImage("nameless"))
    image_id = "sha256:" + digest_of("nameless")
    snapshot = Snapshot.take(engine, engine.run("web", image_id))
    assert snapshot.own_image(engine) == image_id
    assert body_image(snapshot, image_id) == (image_id, "")


def test_its_names_on_the_way_hold_its_id() -> None:
    snapshot = taken(FakeEngine())
    short = snapshot.id[:12]
    assert snapshot.temporary_name == f"web-watchweb-new-{short}"
    assert snapshot.aside_name == f"web-watchweb-{short}"


def test_a_missing_restart_policy_and_no_are_the_same() -> None:
    for policy in (None, {}, {"Name": ""}, {"Name": "no"}):
        engine = FakeEngine()
        made = engine.run("web", "shop/web:1", RestartPolicy=policy)
        assert not Snapshot.take(engine, made).has_restart_policy
