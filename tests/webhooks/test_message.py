"""Which containers a push is about."""

import pytest

from tests.webhooks.bodies import DIGEST
from updates.registry.reference import Reference
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Push


@pytest.mark.parametrize(
    ("pushed", "image", "is_of"),
    [
        ("nginx:1.27", "nginx:1.27", True),
        ("docker.io/library/nginx:1.27", "nginx:1.27", True),
        ("nginx:1.27", "nginx:1.26", False),
        ("nginx", "nginx:1.26", True),
        ("nginx:latest", "nginx", True),
        ("nginx:1", "ghcr.io/library/nginx:1", False),
        ("a/b:1", "a/bc:1", False),
        ("a/b", f"a/b:1@{DIGEST}", False),
        (f"a/b@{DIGEST}", "a/b:1", True),
        ("registry.example.com:5000/a:1", "registry.example.com:5000/a:1", True),
        ("registry.example.com:5000/a:1", "registry.example.com/a:1", False),
    ],
)
def test_a_push_is_about_its_tag_or_without_one_about_the_repository(
    pushed: str, image: str, is_of: bool
) -> None:
    assert Push.of(pushed).is_of(Reference.parse(image)) is is_of


@pytest.mark.parametrize("text", ["nginx:1.27", "ghcr.io/a/b", "registry.example.com:5000/a:1"])
def test_a_push_is_kept_as_text(text: str) -> None:
    push = Push.of(text)
    assert Push.of(str(push)) == push


def test_a_push_reads_as_people_write_it() -> None:
    assert Push.of("docker.io/library/nginx:1.27").words == "nginx:1.27"
    assert Push.of("ghcr.io/a/b").words == "ghcr.io/a/b (any tag)"


def test_a_registry_has_the_address_that_containers_use() -> None:
    push = Push.named("registry", "shop/app", "1")
    assert str(push.at("registry.example.com")) == "registry.example.com/shop/app:1"
    assert push.at("") == push
    assert str(Push.named("x", "nginx", "1").at("docker.io")) == "docker.io/library/nginx:1"


@pytest.mark.parametrize("domain", ["", "a b", "exa_mple.com", "-x.io"])
def test_what_is_no_registry_is_refused(domain: str) -> None:
    with pytest.raises(Malformed):
        Push.named(domain, "a/b", "1")
