"""Each reference is one question a run, whoever asks; what goes wrong is an answer too."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.fakes.registry import FakeRegistry
from updates.models import Registry, RegistryToken, RemoteDigest
from updates.registry.reference import Reference
from updates.runs.registries import Registries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


@pytest.fixture
def row(registry: FakeRegistry) -> Registry:
    registry.behaviour.auth = "bearer"
    return Registry.objects.create(
        domain=registry.address,
        plain_http=True,
        username=registry.username,
        password=registry.password,
    )


def references(registry: FakeRegistry, count: int) -> list[Reference]:
    for number in range(count):
        registry.put(f"app-{number}")
    return [Reference.parse(f"{registry.address}/app-{number}") for number in range(count)]


def resolved(wanted: list[Reference], since: object = None) -> dict[Reference, str]:
    """What a host run that began at `since` is told: digests, or sentences."""
    registries = Registries(since=since or timezone.now())  # type: ignore[arg-type]
    try:
        answers = registries.resolve(wanted)
        return {one: answer.digest or answer.error for one, answer in answers.items()}
    finally:
        registries.close()


def test_two_hosts_of_one_run_ask_each_reference_once(
    registry: FakeRegistry, row: Registry
) -> None:
    wanted = references(registry, 6)
    began = timezone.now()

    first = resolved(wanted, began)
    asked = registry.counts()
    second = resolved(wanted, began)

    assert first == second
    assert all(answer.startswith("sha256:") for answer in first.values())
    assert registry.counts() == asked, "the second host is told what the first one learned"
    assert asked["manifest"] == 6 + 1, "and one refusal that taught the challenge"
    assert asked["token"] == 6


def test_the_next_run_asks_again_and_needs_no_token(registry: FakeRegistry, row: Registry) -> None:
    wanted = references(registry, 6)
    resolved(wanted)
    registry.forget()
    changed = registry.put("app-0", content="2")

    answers = resolved(wanted)

    assert answers[wanted[0]] == changed
    assert registry.counts() == {"manifest": 6}
    assert RegistryToken.objects.count() == 6
    row.refresh_from_db()
    assert row.hint_realm == registry.realm


def test_an_error_is_an_answer_and_the_others_are_asked(
    registry: FakeRegistry, row: Registry
) -> None:
    wanted = references(registry, 2)
    nothing = Reference.parse("127.0.0.1:1/nothing")
    gone = Reference.parse(f"{registry.address}/gone")
    registries = Registries(since=timezone.now())
    answers = registries.resolve([*wanted, nothing, gone])
    registries.close()

    assert all(answers[one].digest for one in wanted)
    assert "nothing listens there" in answers[nothing].error
    assert not answers[nothing].is_missing
    assert "has no" in answers[gone].error
    assert answers[gone].is_missing
    kept = RemoteDigest.objects.get(reference=gone.canonical)
    assert (kept.digest, kept.answered_at) == ("", None)
    assert kept.error == answers[gone].error


def test_a_failed_check_keeps_the_time_of_the_last_good_answer(
    registry: FakeRegistry, row: Registry
) -> None:
    (one,) = references(registry, 1)
    resolved([one])
    good = RemoteDigest.objects.get()
    registry.behaviour.status = 500

    assert "out of order" in resolved([one])[one]

    now = RemoteDigest.objects.get()
    assert now.answered_at == good.answered_at
    assert now.checked_at
    assert good.checked_at
    assert now.checked_at > good.checked_at


def test_a_registry_with_a_broken_ca_answers_with_a_sentence(registry: FakeRegistry) -> None:
    Registry.objects.create(domain=registry.address, trust="ca", ca_pem="no PEM at all")
    (one,) = references(registry, 1)

    answer = resolved([one])[one]

    assert answer.endswith(".")
    assert not registry.seen


def test_a_question_that_another_process_is_asking_is_waited_for(
    registry: FakeRegistry, row: Registry
) -> None:
    (one,) = references(registry, 1)
    kept = RemoteDigest.objects.create(reference=one.canonical)
    RemoteDigest.claim_filling(kept.pk, by="other", lease=timedelta(seconds=0.5))
    began = timezone.now()

    assert resolved([one])[one].startswith("sha256:")

    assert timezone.now() - began >= timedelta(seconds=0.45)


def test_an_engine_is_given_the_password_saved_for_the_registry(
    registry: FakeRegistry, row: Registry
) -> None:
    (one,) = references(registry, 1)
    registries = Registries(since=timezone.now())

    login = registries.pull_auth(one)

    assert login
    assert (login["username"], login["password"]) == (registry.username, registry.password)
    assert registries.pull_auth(Reference.parse("ghcr.io/a/b")) is None
