"""A --rm container whose image somebody removed: it comes back from its registry, or it is told."""

from tests.fakes.daemon import FakeImage
from tests.flow.workshop import REMOVES_ITSELF, Workshop
from updates.flow.session import State
from updates.flow.snapshot import Snapshot


def shop_without_old_image() -> Workshop:
    """Its new container fails, and the old image goes when the old container has."""
    shop = Workshop(REMOVES_ITSELF)
    shop.new_image.exit_code = 1

    def remove(_: object) -> None:
        del shop.engine.stored[shop.old_image.id]

    shop.engine.fail_on["start", 1] = remove
    return shop


def test_it_is_pulled_again_by_its_digest() -> None:
    shop = shop_without_old_image()
    digest = shop.old_image.digests[0].partition("@")[2]
    shop.engine.remote[f"{shop.old_image.digests[0].partition('@')[0]}:{digest}"] = FakeImage(
        shop.old_image.seed
    )
    outcome = shop.replace()
    assert outcome.state is State.ROLLED_BACK
    assert shop.web.image.id == shop.old_image.id
    assert shop.web.is_running
    [pull] = [one for one in shop.engine.calls if one.name == "pull"]
    assert (pull.target.endswith(digest), pull.how["auth"]) == (True, None)


def test_where_it_cannot_be_had_the_record_names_it_and_recovery_tries_again() -> None:
    shop = shop_without_old_image()
    outcome = shop.replace()
    assert (outcome.state, outcome.is_left) == (State.FAILED, True)
    name = shop.old_image.digests[0]
    assert f"Pull {name} there, and it is made again." in outcome.reason
    assert shop.journal.last.is_open
    assert Snapshot.of_record(shop.journal.last.snapshot).image_names == (name,)
