"""Which reference a container follows, however it and its image are spelled."""

import pytest

from tests.fakes.names import digest_of
from tests.flow.summaries import container
from updates.engine.container import ImageSummary
from updates.flow.check import Answer, Images, judge, reference_of
from updates.flow.labels import ORIGINAL_IMAGE
from updates.flow.session import CheckStatus
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference

OLD, NEW = "sha256:" + digest_of("old"), "sha256:" + digest_of("new")
OLD_ID, NEW_ID = "sha256:" + digest_of("old id"), "sha256:" + digest_of("new id")
WEB = Reference.parse("shop/web:1")
NO_IMAGES = Images.of([])
NGINX = Reference.parse("nginx:1")
HUB = [
    "nginx:1",
    "library/nginx:1",
    "docker.io/nginx:1",
    "docker.io/library/nginx:1",
    "index.docker.io/library/nginx:1",
]


@pytest.mark.parametrize("tag", HUB)
@pytest.mark.parametrize("image", HUB)
def test_names_of_docker_hub_are_one_however_they_are_spelled(image: str, tag: str) -> None:
    shown = container(image=image, image_id=OLD_ID)
    name = tag.partition(":")[0]
    images = Images.of([ImageSummary(OLD_ID, (tag,), (f"{name}@{OLD}",))])
    assert reference_of(shown, images) == NGINX
    assert judge(shown, NGINX, images, Answer(OLD), (), "").status is CheckStatus.UP_TO_DATE
    images = Images.of([ImageSummary(OLD_ID), ImageSummary(NEW_ID, (tag,), (f"{name}@{NEW}",))])
    assert judge(shown, NGINX, images, Answer(NEW), (), "").is_here


def test_a_container_follows_what_its_list_entry_shows() -> None:
    assert reference_of(container(), NO_IMAGES) == WEB


def test_a_container_whose_entry_shows_an_id_follows_what_it_was_made_from() -> None:
    shown = container(image=OLD_ID)
    assert reference_of(shown, NO_IMAGES, "shop/web:1") == WEB
    assert reference_of(shown, NO_IMAGES) is None
    assert reference_of(shown, NO_IMAGES, OLD_ID) is None


@pytest.mark.parametrize("digits", [64, 20, 12, 3])
@pytest.mark.parametrize("prefix", ["sha256:", ""])
def test_a_container_made_from_an_id_follows_nothing_however_short_it_is(
    prefix: str, digits: int
) -> None:
    shown = container(image=prefix + OLD_ID[7 : 7 + digits], image_id=OLD_ID)
    assert reference_of(shown, Images.of([ImageSummary(OLD_ID, ("shop/web:1",))])) is None


def test_a_tag_that_looks_like_the_begin_of_an_id_is_a_tag() -> None:
    digits = OLD_ID[7:12]
    shown = container(image=digits, image_id=OLD_ID)
    images = Images.of([ImageSummary(OLD_ID, (f"{digits}:latest",))])
    assert reference_of(shown, images) == Reference.parse(digits)


def test_a_name_of_hexadecimal_digits_that_is_not_its_own_id_is_a_name() -> None:
    shown = container(image=NEW_ID[7:19], image_id=OLD_ID)
    assert reference_of(shown, NO_IMAGES) == Reference.parse(NEW_ID[7:19])


def test_the_label_of_the_original_image_wins() -> None:
    named = container(image=OLD_ID, labels={ORIGINAL_IMAGE: "shop/web:1"})
    assert reference_of(named, NO_IMAGES, "other:2") == WEB


def test_a_name_that_is_no_reference_is_an_error_that_names_it() -> None:
    with pytest.raises(InvalidReference, match="Shop/Web"):
        reference_of(container(image="Shop/Web:1:2"), NO_IMAGES)
