"""What each sender says is understood; what says nothing of a push is told why."""

import copy
from typing import Any

import pytest

from tests.webhooks import bodies
from tests.webhooks.bodies import Json, arrival
from updates.webhooks.errors import Malformed
from updates.webhooks.formats import (
    distribution,
    docker_hub,
    generic,
    gitea,
    github,
    gitlab,
    harbor,
    quay,
)
from updates.webhooks.message import MAX_PUSHES, Arrival, Message


def changed(document: Json, *place: str | int, to: Any) -> Json:
    """The document with another value at a place; None takes it away."""
    made = copy.deepcopy(document)
    inner: Any = made
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = to
    if to is None:
        del inner[place[-1]]
    return made


def pushes(message: Message) -> list[str]:
    return [str(push) for push in message.pushes]


def from_github(document: Json, event: str = "package") -> Arrival:
    return arrival(document, x_github_event=event)


def from_gitea(document: Json, event: str = "package") -> Arrival:
    return arrival(document, x_gitea_event=event)


VERSION = ("package", "package_version")
EVENT: tuple[str | int, ...] = ("events", 0)
NO_TAG = changed(
    changed(bodies.GITHUB, *VERSION, "container_metadata", "tag", "name", to=""),
    *VERSION,
    "package_url",
    to="ghcr.io/Example/App:",
)
BY_DIGEST = changed(
    changed(bodies.HARBOR, "event_data", "resources", 0, "tag", to=bodies.DIGEST),
    *("event_data", "resources", 0, "resource_url"),
    to=f"hub.example.com/shop/debian@{bodies.DIGEST}",
)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (docker_hub.parse(arrival(bodies.DOCKER_HUB)), ["docker.io/example/app:latest"]),
        (
            docker_hub.parse(
                arrival(changed(bodies.DOCKER_HUB, "repository", "repo_name", to="library/nginx"))
            ),
            ["docker.io/library/nginx:latest"],
        ),
        (github.parse(from_github(bodies.GITHUB)), ["ghcr.io/example/app:1.4"]),
        (
            github.parse(
                from_github(
                    {"action": "updated", "registry_package": bodies.GITHUB["package"]},
                    "registry_package",
                )
            ),
            ["ghcr.io/example/app:1.4"],
        ),
        (
            github.parse(from_github(changed(bodies.GITHUB, *VERSION, "package_url", to=None))),
            ["ghcr.io/example/app:1.4"],
        ),
        (github.parse(from_github(NO_TAG)), ["ghcr.io/example/app"]),
        (gitea.parse(from_gitea(bodies.GITEA)), ["git.example.com/example/team/app:1.4"]),
        (
            gitea.parse(from_gitea(changed(bodies.GITEA, "package", "version", to=bodies.DIGEST))),
            ["git.example.com/example/team/app"],
        ),
        (
            distribution.parse(arrival(bodies.DISTRIBUTION)),
            ["registry.example.com:5000/shop/app:1.4"],
        ),
        (
            distribution.parse(
                arrival(changed(bodies.DISTRIBUTION, *EVENT, "target", "tag", to=None))
            ),
            ["registry.example.com:5000/shop/app"],
        ),
        (
            distribution.parse(arrival(bodies.DISTRIBUTION["events"][0])),
            ["registry.example.com:5000/shop/app:1.4"],
        ),
        (
            distribution.parse(
                arrival(changed(bodies.DISTRIBUTION, *EVENT, "request", "host", to="registry"))
            ),
            ["registry/shop/app:1.4"],
        ),
        (gitlab.parse(arrival(bodies.DISTRIBUTION)), ["registry.example.com:5000/shop/app:1.4"]),
        (harbor.parse(arrival(bodies.HARBOR)), ["hub.example.com/shop/debian:latest"]),
        (harbor.parse(arrival(bodies.HARBOR_CLOUD_EVENT)), ["hub.example.com/shop/debian:latest"]),
        (harbor.parse(arrival(BY_DIGEST)), ["hub.example.com/shop/debian"]),
        (
            quay.parse(arrival(bodies.QUAY)),
            ["quay.io/example/test:latest", "quay.io/example/test:1.4"],
        ),
        (
            quay.parse(arrival(changed(bodies.QUAY, "updated_tags", to={"latest": "b750"}))),
            ["quay.io/example/test:latest"],
        ),
        (generic.parse(arrival({"image": "nginx:1.27"})), ["docker.io/library/nginx:1.27"]),
        (generic.parse(arrival({"reference": "ghcr.io/a/b"})), ["ghcr.io/a/b"]),
        (
            generic.parse(arrival({"images": ["a/b:1", "a/b:2"]})),
            ["docker.io/a/b:1", "docker.io/a/b:2"],
        ),
        (generic.parse(arrival(b"", query={"image": "a/b:1"})), ["docker.io/a/b:1"]),
    ],
)
def test_a_push_is_understood(message: Message, wanted: list[str]) -> None:
    assert pushes(message) == wanted
    assert message.reason == ""


@pytest.mark.parametrize(
    ("message", "event", "why"),
    [
        (github.parse(from_github(bodies.GITHUB_PING, "ping")), "ping", "says hello"),
        (github.parse(from_github({"ref": "x"}, "push")), "push", "choose Packages"),
        (
            github.parse(from_github(changed(bodies.GITHUB, "package", "package_type", to="npm"))),
            "package published",
            "no container image",
        ),
        (
            github.parse(from_github(changed(bodies.GITHUB, "action", to="deleted"))),
            "package deleted",
            "Nothing was published",
        ),
        (gitea.parse(from_gitea({}, "push")), "push", "choose Package events"),
        (
            gitea.parse(from_gitea(changed(bodies.GITEA, "action", to="deleted"))),
            "package deleted",
            "Nothing was published",
        ),
        (
            gitea.parse(from_gitea(changed(bodies.GITEA, "package", "type", to="npm"))),
            "package created",
            "no container image",
        ),
        (
            distribution.parse(arrival(changed(bodies.DISTRIBUTION, *EVENT, "action", to="pull"))),
            "pull",
            "no pushed image",
        ),
        (
            distribution.parse(
                arrival(
                    changed(
                        bodies.DISTRIBUTION,
                        *(*EVENT, "target", "mediaType"),
                        to="application/octet-stream",
                    )
                )
            ),
            "push",
            "no pushed image",
        ),
        (distribution.parse(arrival({"events": []})), "", "no pushed image"),
        (gitlab.parse(arrival(bodies.GITLAB_PIPELINE)), "pipeline", "registry's notifications"),
        (
            harbor.parse(arrival(changed(bodies.HARBOR, "type", to="SCANNING_COMPLETED"))),
            "SCANNING_COMPLETED",
            "choose Artifact pushed",
        ),
        (quay.parse(arrival(bodies.QUAY_BUILD)), "", "choose Push to Repository"),
    ],
)
def test_what_tells_of_no_push_says_why(message: Message, event: str, why: str) -> None:
    assert (message.pushes, message.event) == ((), event)
    assert why in message.reason


BAD: list[object] = [b"", b"no json", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, [], "text", {}]


@pytest.mark.parametrize("body", [*BAD, {"events": 1, "type": 1, "image": {"a": 1}}])
@pytest.mark.parametrize(
    "parse", [docker_hub.parse, distribution.parse, harbor.parse, quay.parse, generic.parse]
)
def test_what_cannot_be_read_is_refused_in_a_sentence(parse: Any, body: object) -> None:
    if parse is distribution.parse and body == {"events": 1, "type": 1, "image": {"a": 1}}:
        assert not parse(arrival(body)).pushes
        return
    with pytest.raises(Malformed, match=r"\.$"):
        parse(arrival(body))


@pytest.mark.parametrize("name", ["a b", "../../etc", "ghcr.io/A/b", "x" * 300, "a\x00b", "\ud800"])
def test_what_is_no_image_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        docker_hub.parse(arrival(changed(bodies.DOCKER_HUB, "repository", "repo_name", to=name)))


def test_more_images_than_anybody_pushes_are_refused() -> None:
    many = [f"a/b:{number}" for number in range(MAX_PUSHES + 1)]
    assert len(generic.parse(arrival({"images": many[1:]})).pushes) == MAX_PUSHES
    with pytest.raises(Malformed, match="500 is the most"):
        generic.parse(arrival({"images": many}))


def test_a_signed_body_is_what_counts_and_no_query_beside_it() -> None:
    """The signature does not cover the query."""
    signed = arrival({"image": "a/b:1"}, query={"image": "evil/c"}, x_watchweb_signature="sha256=0")
    assert pushes(generic.parse(signed)) == ["docker.io/a/b:1"]
