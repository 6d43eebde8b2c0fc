"""Whatever arrives, a parser understands it or raises the package's own error."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webhooks import bodies
from updates.registry.reference import Reference
from updates.webhooks.errors import Malformed, Unproven
from updates.webhooks.message import Arrival
from updates.webhooks.proof import prove
from updates.webhooks.senders import SENDERS, Kind

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
KEYS = st.text(max_size=8) | st.sampled_from(["events", "target", "type", "tag", "resources"])
ANY = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=4) | st.dictionaries(KEYS, one, max_size=4)
)
DOCUMENTS = [
    *(bodies.DOCKER_HUB, bodies.GITHUB, bodies.GITEA, bodies.DISTRIBUTION, bodies.HARBOR),
    *(bodies.HARBOR_CLOUD_EVENT, bodies.QUAY, {"image": "a/b:1", "images": ["a/b"]}),
]
EVENTS = {"x-github-event": "package", "x-gitea-event": "package"}


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A good document with something else at one place in it."""
    made: Any = json.loads(json.dumps(draw(st.sampled_from(DOCUMENTS))))
    inner = made
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = draw(st.sampled_from(keys))
        deeper = inner[key]
        if not isinstance(deeper, dict | list) or not deeper or draw(st.booleans()):
            inner[key] = draw(ANY)
            return made
        inner = deeper


def check(kind: Kind, body: bytes, query: dict[str, str]) -> None:
    with suppress(Malformed):
        message = SENDERS[kind].parse(Arrival(body, EVENTS, query))
        assert message.pushes or message.reason
        assert message.event.isprintable()
        assert len(message.event) <= 130
        for push in message.pushes:
            Reference.parse(str(push))
            assert push.words.isprintable()


@pytest.mark.parametrize("kind", Kind)
@given(document=spoilt() | ANY, query=st.dictionaries(st.just("image"), st.text(max_size=20)))
def test_any_document(kind: Kind, document: Any, query: dict[str, str]) -> None:
    check(kind, json.dumps(document).encode(), query)


@pytest.mark.parametrize("kind", Kind)
@given(body=st.binary(max_size=200))
def test_any_bytes(kind: Kind, body: bytes) -> None:
    check(kind, body, {})


@pytest.mark.parametrize("kind", Kind)
@given(
    body=st.binary(max_size=50),
    value=st.text(max_size=40),
    name=st.sampled_from(
        [
            *("authorization", "x-hub-signature-256", "x-gitea-signature", "x-gitlab-token"),
            *("x-watchweb-signature", "x-watchweb-timestamp"),
        ]
    ),
)
def test_any_header_is_no_proof(kind: Kind, body: bytes, value: str, name: str) -> None:
    with pytest.raises(Unproven):
        prove(
            "the-secret-that-nobody-guesses",
            Arrival(body, {name: value}, {}),
            SENDERS[kind].proofs,
            0,
        )
