"""Is a container's image behind its registry?"""

import pytest

from tests.fakes.daemon import digest_of
from tests.flow.summaries import container
from updates.engine.container import ImageSummary
from updates.flow.check import (
    Answer,
    Images,
    Verdict,
    before_asking,
    digests_for,
    judge,
    reference_of,
)
from updates.flow.labels import ORIGINAL_IMAGE
from updates.flow.session import CheckStatus
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference

OLD = "sha256:" + digest_of("old")
NEW = "sha256:" + digest_of("new")
ELSE = "sha256:" + digest_of("else")
OLD_ID, NEW_ID = "sha256:" + digest_of("old id"), "sha256:" + digest_of("new id")
WEB = Reference.parse("shop/web:1")
RUNNING = container(image_id=OLD_ID)
FAILED = Answer(error="No answer.")
MISSING = Answer(error="There is no such tag.", is_missing=True)
COME_FROM_REGISTRY = ImageSummary(OLD_ID, ("shop/web:1",), (f"shop/web@{OLD}",))
MADE_HERE = ImageSummary(OLD_ID, ("shop/web:1",))


def verdict(
    *images: ImageSummary, answer: Answer, settled: tuple[tuple[str, str], ...] = ()
) -> Verdict:
    """The verdict on RUNNING when these are the host's images."""
    have = Images.of(images)
    return before_asking(RUNNING, WEB, have) or judge(RUNNING, WEB, have, answer, settled)


def moved(*new_digests: str) -> tuple[ImageSummary, ImageSummary]:
    """The old image without its tag, and the one that has it now."""
    digests = tuple(f"shop/web@{digest}" for digest in new_digests)
    old = ImageSummary(OLD_ID, (), COME_FROM_REGISTRY.repo_digests)
    return old, ImageSummary(NEW_ID, ("shop/web:1",), digests)


TABLE = [
    pytest.param([COME_FROM_REGISTRY], Answer(OLD), "up_to_date", id="same digest"),
    pytest.param([COME_FROM_REGISTRY], Answer(NEW), "update_available", id="another digest"),
    pytest.param([COME_FROM_REGISTRY], FAILED, "unknown", id="failed check"),
    pytest.param([COME_FROM_REGISTRY], MISSING, "unknown", id="tag gone from the registry"),
    pytest.param([MADE_HERE], Answer(NEW), "local", id="made here"),
    pytest.param(
        [ImageSummary(OLD_ID, ("shop/web:1",), (f"shop/web@{OLD_ID}",))],
        MISSING,
        "local",
        id="made here, in a containerd store",
    ),
    pytest.param(
        [ImageSummary(OLD_ID, ("shop/web:1",), (f"other/web@{NEW}",))],
        Answer(NEW),
        "update_available",
        id="digest of another repository",
    ),
    pytest.param(
        [ImageSummary(OLD_ID, (), (f"shop/web@{ELSE}", f"x/y@{ELSE}", f"shop/web@{OLD}"))],
        Answer(OLD),
        "up_to_date",
        id="one of several digests",
    ),
    pytest.param([], Answer(NEW), "update_available", id="image gone from the host"),
    pytest.param([], FAILED, "unknown", id="image gone, failed check"),
    pytest.param(moved(NEW), Answer(NEW), "update_available", id="pulled by hand"),
    pytest.param(moved(NEW), Answer(OLD), "update_available", id="tag moved, registry went back"),
    pytest.param(moved(), MISSING, "update_available", id="built by hand"),
    pytest.param(moved(NEW), FAILED, "update_available", id="tag moved, failed check"),
]


@pytest.mark.parametrize(("images", "answer", "status"), TABLE)
def test_how_an_image_stands_to_its_registry(
    images: list[ImageSummary], answer: Answer, status: str
) -> None:
    assert verdict(*images, answer=answer).status == status


def test_a_failed_check_is_never_up_to_date_and_keeps_its_reason() -> None:
    found = verdict(COME_FROM_REGISTRY, answer=FAILED, settled=(("", OLD_ID),))
    assert found.status is CheckStatus.UNKNOWN
    assert found.reason == "No answer."


def test_a_verdict_tells_both_digests() -> None:
    found = verdict(COME_FROM_REGISTRY, answer=Answer(NEW))
    assert (found.local_digest, found.remote_digest) == (OLD, NEW)


def test_a_digest_that_once_brought_this_very_image_is_up_to_date() -> None:
    settled = verdict(COME_FROM_REGISTRY, answer=Answer(NEW), settled=((NEW, OLD_ID),))
    assert settled.status is CheckStatus.UP_TO_DATE


def test_a_settled_pair_of_another_image_counts_for_nothing() -> None:
    assert verdict(COME_FROM_REGISTRY, answer=Answer(NEW), settled=((NEW, NEW_ID),)).is_stale


@pytest.mark.parametrize(
    ("answer", "settled", "is_here"),
    [
        (Answer(NEW), (), True),
        (FAILED, (), True),
        (Answer(ELSE), (), False),
        (Answer(ELSE), ((ELSE, NEW_ID),), True),
    ],
)
def test_a_tag_that_moved_is_pulled_only_if_the_registry_has_yet_another_image(
    answer: Answer, settled: tuple[tuple[str, str], ...], is_here: bool
) -> None:
    found = verdict(*moved(NEW), answer=answer, settled=settled)
    assert found.is_stale
    assert found.is_here is is_here


def test_an_image_built_anew_on_this_host_is_an_update_without_asking_a_registry() -> None:
    images = Images.of([ImageSummary(OLD_ID), ImageSummary(NEW_ID, ("shop/web:1",))])
    found = before_asking(RUNNING, WEB, images)
    assert found is not None
    assert found.is_stale
    assert found.is_here


def test_an_image_made_here_whose_tag_was_pulled_since_is_asked_for() -> None:
    assert before_asking(RUNNING, WEB, Images.of([ImageSummary(OLD_ID), moved(NEW)[1]])) is None


def test_a_pinned_image_needs_no_registry() -> None:
    pinned = Reference.parse(f"shop/web:1@{OLD}")
    found = before_asking(RUNNING, pinned, Images.of([COME_FROM_REGISTRY]))
    assert found is not None
    assert found.status is CheckStatus.PINNED
    assert found.local_digest == OLD


def test_an_image_without_a_name_needs_no_registry() -> None:
    found = before_asking(RUNNING, None, Images.of([]))
    assert found is not None
    assert found.status is CheckStatus.LOCAL


def test_digests_of_docker_hub_are_known_by_their_short_name() -> None:
    image = ImageSummary(OLD_ID, (), (f"nginx@{OLD}", "<none>@<none>"))
    assert digests_for(image, Reference.parse("docker.io/library/nginx:1")) == (OLD,)


def test_a_container_follows_what_its_list_entry_shows() -> None:
    assert reference_of(RUNNING) == WEB


def test_a_container_whose_entry_shows_an_id_follows_what_it_was_made_from() -> None:
    shown = container(image=OLD_ID)
    assert reference_of(shown, "shop/web:1") == WEB
    assert reference_of(shown) is None
    assert reference_of(shown, OLD_ID) is None


def test_the_label_of_the_original_image_wins() -> None:
    named = container(image=OLD_ID, labels={ORIGINAL_IMAGE: "shop/web:1"})
    assert reference_of(named, "other:2") == WEB


def test_a_name_that_is_no_reference_is_an_error_that_names_it() -> None:
    with pytest.raises(InvalidReference, match="Shop/Web"):
        reference_of(container(image="Shop/Web:1:2"))
