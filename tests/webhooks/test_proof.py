"""A sender proves that it knows the secret; who does not is told whether it tried."""

import hashlib
import hmac
from collections.abc import Callable

import pytest

from tests.webhooks.bodies import arrival
from updates.webhooks.errors import Unproven
from updates.webhooks.message import Arrival
from updates.webhooks.proof import TOLERANCE_S, prove
from updates.webhooks.senders import SENDERS, Kind

SECRET = "s3cret-of-the-webhook"
BODY = b'{"image": "a/b:1"}'
NOW = 1_800_000_000.0
Sent = Callable[[str], Arrival]


def signed(secret: str, data: bytes = BODY) -> str:
    return hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()


def timed(secret: str, at: str = "1800000000") -> Arrival:
    made = f"sha256={signed(secret, at.encode() + b'.' + BODY)}"
    return arrival(BODY, x_watchweb_signature=made, x_watchweb_timestamp=at)


HOW: dict[Kind, list[Sent]] = {
    Kind.DOCKER_HUB: [lambda secret: arrival(BODY, query={"secret": secret})],
    Kind.GITHUB: [lambda secret: arrival(BODY, x_hub_signature_256=f"sha256={signed(secret)}")],
    Kind.GITLAB: [
        lambda secret: arrival(BODY, x_gitlab_token=secret),
        lambda secret: arrival(BODY, authorization=f"Bearer {secret}"),
    ],
    Kind.HARBOR: [lambda secret: arrival(BODY, authorization=secret)],
    Kind.QUAY: [lambda secret: arrival(BODY, query={"secret": secret})],
    Kind.GITEA: [
        lambda secret: arrival(BODY, x_gitea_signature=signed(secret)),
        lambda secret: arrival(BODY, x_forgejo_signature=signed(secret)),
    ],
    Kind.DISTRIBUTION: [lambda secret: arrival(BODY, authorization=f"Bearer {secret}")],
    Kind.GENERIC: [
        lambda secret: arrival(BODY, authorization=f"bearer  {secret}"),
        lambda secret: arrival(BODY, query={"secret": secret}),
        timed,
    ],
}
CASES = [(kind, sent) for kind, ways in HOW.items() for sent in ways]


def refusal(kind: Kind, sent: Arrival, secret: str = SECRET) -> Unproven:
    with pytest.raises(Unproven) as caught:
        prove(secret, sent, SENDERS[kind].proofs, NOW)
    assert secret not in str(caught.value) or not secret
    return caught.value


@pytest.mark.parametrize(("kind", "sent"), CASES)
def test_the_secret_lets_in_and_another_does_not(kind: Kind, sent: Sent) -> None:
    prove(SECRET, sent(SECRET), SENDERS[kind].proofs, NOW)
    for wrong in (f"{SECRET}x", SECRET[:-1], SECRET.upper(), "ü\ud800", ""):
        if wrong.isascii() or "query" in str(sent(SECRET).query):
            assert not refusal(kind, sent(wrong)).is_missing


@pytest.mark.parametrize("kind", Kind)
def test_none_is_missing(kind: Kind) -> None:
    assert refusal(kind, arrival(BODY)).is_missing


@pytest.mark.parametrize(("kind", "sent"), CASES)
def test_a_webhook_without_a_secret_lets_nobody_in(kind: Kind, sent: Sent) -> None:
    refusal(kind, sent(""), secret="")


@pytest.mark.parametrize("kind", [Kind.GITHUB, Kind.GITEA])
def test_a_signature_is_of_this_very_body(kind: Kind) -> None:
    made = HOW[kind][0](SECRET)
    refusal(kind, Arrival(made.body + b" ", made.headers, made.query))


def test_a_secret_in_the_address_does_not_do_for_who_can_sign() -> None:
    for kind in (Kind.GITHUB, Kind.GITEA, Kind.HARBOR, Kind.DISTRIBUTION, Kind.GITLAB):
        assert refusal(kind, arrival(BODY, query={"secret": SECRET})).is_missing


@pytest.mark.parametrize("off_s", [TOLERANCE_S + 1, -TOLERANCE_S - 1])
def test_a_signed_time_far_from_now_is_refused(off_s: int) -> None:
    prove(SECRET, timed(SECRET, str(int(NOW + off_s * 0.9))), SENDERS[Kind.GENERIC].proofs, NOW)
    refusal(Kind.GENERIC, timed(SECRET, str(int(NOW + off_s))))


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "9" * 400, "nan"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    refusal(Kind.GENERIC, timed(SECRET, stamp))


def test_a_signed_time_cannot_be_changed() -> None:
    made = timed(SECRET)
    headers = {**made.headers, "x-watchweb-timestamp": "1800000001"}
    refusal(Kind.GENERIC, Arrival(BODY, headers, {}))
