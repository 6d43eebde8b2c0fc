"""Is a container's image behind its registry?"""

import pytest

from tests.fakes.names import digest_of
from tests.flow.summaries import container
from updates.engine.container import ImageSummary
from updates.flow.check import (
    Answer,
    Images,
    Verdict,
    before_asking,
    digests_for,
    judge,
)
from updates.flow.session import CheckStatus
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
    *images: ImageSummary,
    answer: Answer,
    settled: tuple[tuple[str, str], ...] = (),
    platform: str = "linux/arm64",
) -> Verdict:
    """The verdict on RUNNING when these are the host's images."""
    have = Images.of(images)
    found = before_asking(RUNNING, WEB, have)
    return found or judge(RUNNING, WEB, have, answer, settled, platform)


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
    pytest.param(
        [ImageSummary(OLD_ID, ("shop/web:1",), (f"shop/web@{OLD_ID}",))],
        Answer(OLD_ID),
        "up_to_date",
        id="same digest, in a containerd store",
    ),
    pytest.param(
        [ImageSummary(OLD_ID, ("shop/web:1",), (f"shop/web@{OLD_ID}",))],
        Answer(NEW),
        "update_available",
        id="another digest, in a containerd store",
    ),
    pytest.param([], Answer(OLD_ID), "up_to_date", id="image gone from a containerd store"),
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


ARM_ONLY = Answer(NEW, platforms=("linux/arm/v7", "linux/arm64/v8"))


def test_what_does_not_exist_for_the_hosts_platform_is_unknown_and_says_so() -> None:
    found = verdict(COME_FROM_REGISTRY, answer=ARM_ONLY, platform="linux/amd64")
    assert found.status is CheckStatus.UNKNOWN
    assert found.reason == "shop/web:1 is not available for linux/amd64: nothing is pulled."
    assert (found.local_digest, found.remote_digest) == (OLD, NEW)


@pytest.mark.parametrize(
    ("platforms", "platform"),
    [
        (None, "linux/amd64"),
        ((), "linux/amd64"),
        (ARM_ONLY.platforms, "linux/arm64"),
        (ARM_ONLY.platforms, ""),
    ],
)
def test_what_exists_for_the_platform_or_may_exist_is_an_update(
    platforms: tuple[str, ...] | None, platform: str
) -> None:
    answer = Answer(NEW, platforms=platforms)
    assert verdict(COME_FROM_REGISTRY, answer=answer, platform=platform).is_stale


def test_the_platforms_of_what_the_container_has_already_do_not_matter() -> None:
    answer = Answer(OLD, platforms=ARM_ONLY.platforms)
    found = verdict(COME_FROM_REGISTRY, answer=answer, platform="linux/amd64")
    assert found.status is CheckStatus.UP_TO_DATE


@pytest.mark.parametrize(("here", "status"), [(NEW, "update_available"), (ELSE, "unknown")])
def test_a_tag_that_moved_is_changed_to_without_a_pull_whatever_the_registry_has(
    here: str, status: str
) -> None:
    assert verdict(*moved(here), answer=ARM_ONLY, platform="linux/amd64").status == status


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
