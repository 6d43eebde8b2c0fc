"""Many questions at once: limits are kept and shared, and no registry waits for another."""

import threading
import time
from collections.abc import Collection, Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.fakes.registry import FakeRegistry
from updates.flow.check import Answer
from updates.models import ImagePlatforms, Registry, RemoteDigest
from updates.registry.errors import AuthError, TLSFailure
from updates.registry.reference import Reference
from updates.runs.answer_book import AnswerBook
from updates.runs.clients import Clients
from updates.runs.guard import FAULT
from updates.runs.inquiry import Inquiry, Question
from updates.runs.registries import Registries
from updates.runs.token_store import RowTokenStore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        Registry.objects.create(domain=fake.address, plain_http=True)
        yield fake


def references(registry: FakeRegistry, count: int) -> list[Reference]:
    for number in range(count):
        registry.put(f"app-{number}")
    return [Reference.parse(f"{registry.address}/app-{number}") for number in range(count)]


def asked(
    wanted: list[Reference], *, age_s: float = 0, mirrors: tuple[str, ...] = ()
) -> list[Answer]:
    """What a run that begins now is told, in the order of the questions."""
    since = timezone.now() - timedelta(seconds=age_s)
    registries = Registries(since=since, mirrors=mirrors)
    try:
        answers = registries.resolve(wanted)
        return [answers[one] for one in wanted]
    finally:
        registries.close()


def test_within_the_window_nobody_asks_again_not_even_after_a_failure(
    registry: FakeRegistry,
) -> None:
    good, gone = references(registry, 1)[0], Reference.parse(f"{registry.address}/gone")
    first = asked([good, gone])
    registry.forget()

    assert asked([good, gone], age_s=60) == first
    assert not registry.seen
    row = RemoteDigest.objects.get(reference=gone.canonical)
    assert (row.error_kind, row.is_missing) == ("NotFound", True)
    assert row.due_at
    assert row.checked_at
    assert row.due_at - row.checked_at == timedelta(seconds=300)

    asked([good, gone])
    assert registry.counts() == {"manifest": 2}, "check again now"


def test_an_unchanged_tag_is_confirmed_by_its_etag(registry: FakeRegistry) -> None:
    (one,) = references(registry, 1)
    registry.behaviour.headers = {"ETag": '"sha256:abc"'}
    (first,) = asked([one])
    assert RemoteDigest.objects.get().etag == '"sha256:abc"'
    registry.behaviour.status = 304

    (second,) = asked([one])

    assert second == first
    assert second.digest


def test_a_failed_check_keeps_the_last_good_digest_and_its_time(registry: FakeRegistry) -> None:
    (one,) = references(registry, 1)
    (good,) = asked([one])
    registry.behaviour.status = 403

    (failed,) = asked([one])

    assert not failed.digest, "a failed check names no digest"
    assert "forbids access" in failed.error
    row = RemoteDigest.objects.get()
    assert row.digest == good.digest
    assert row.answered_at
    assert row.checked_at
    assert row.answered_at < row.checked_at


def test_a_429_with_a_short_time_is_waited_for_and_every_answer_comes(
    registry: FakeRegistry, settings: Settings
) -> None:
    wanted = references(registry, 6)
    registry.behaviour.headers = {"Retry-After": "1"}
    registry.behaviour.refusals_left = 2  # 429, and then it is well again.

    answers = asked(wanted)

    assert all(answer.digest for answer in answers), answers


def test_a_429_with_a_long_time_ends_the_check_and_every_worker_heeds_it(
    registry: FakeRegistry,
) -> None:
    wanted = references(registry, 40)
    registry.behaviour.headers = {"Retry-After": "3600"}
    registry.behaviour.status = 429
    began = time.monotonic()

    answers = asked(wanted)

    assert time.monotonic() - began < 10
    assert all("allows no more requests" in answer.error for answer in answers), answers
    assert len(registry.seen) <= 2, "the first refusal is everybody's"
    row = Registry.objects.get()
    assert row.is_paused
    assert row.paused_until
    assert row.paused_until > timezone.now() + timedelta(minutes=59)
    due = RemoteDigest.objects.order_by("due_at").first()
    assert due
    assert due.due_at
    assert due.due_at > timezone.now() + timedelta(minutes=59)
    assert row.is_failing
    registry.forget()
    registry.behaviour.status = 0

    assert all(answer.error for answer in asked(wanted)), "another worker, and check again now"
    assert not registry.seen

    Registry.objects.update(paused_until=timezone.now())
    assert all(answer.digest for answer in asked(wanted))
    row.refresh_from_db()
    assert not row.is_failing


def test_what_is_left_of_a_limit_is_kept(registry: FakeRegistry) -> None:
    registry.behaviour.headers = {
        "ratelimit-limit": "100;w=21600",
        "ratelimit-remaining": "42;w=21600",
    }
    asked(references(registry, 1))

    row = Registry.objects.get()
    assert (row.budget_limit, row.budget_remaining, row.budget_window_s) == (100, 42, 21600)
    assert row.budget_percent == 42
    assert row.budget_seen_at
    assert row.latency_ms is not None


def test_a_slow_registry_does_not_hold_up_another(registry: FakeRegistry) -> None:
    with FakeRegistry() as slow:
        Registry.objects.create(domain=slow.address, plain_http=True)
        slow.behaviour.delay_s = 1.5
        wanted = references(slow, 3)
        quick = references(registry, 3)
        began = time.monotonic()

        asked([*wanted, *quick])

        assert time.monotonic() - began < 5
        checked = RemoteDigest.objects.order_by("checked_at").values_list("reference", flat=True)
        assert [one.canonical for one in quick] == sorted(checked[:3])


def test_the_engines_mirror_is_asked_before_docker_hub(registry: FakeRegistry) -> None:
    digest = registry.put("library/nginx", "1")
    nginx = Reference.parse("nginx:1")

    (answer,) = asked([nginx], mirrors=(registry.url,))

    assert answer.digest == digest
    assert [seen.path for seen in registry.seen] == ["/v2/library/nginx/manifests/1"]
    assert RemoteDigest.objects.get().via == registry.url


def test_an_engines_word_for_plain_http_is_good_for_its_mirror_alone(
    registry: FakeRegistry,
) -> None:
    """Else any engine could have a registry's password sent unencrypted."""
    Registry.objects.update(plain_http=False, username="me", password="hunter2-hunter2")
    registry.behaviour.auth = "basic"
    own = references(registry, 1)[0]
    clients = Clients(RowTokenStore(), lambda _: None)
    mirror, access = clients.of_mirror(registry.url), clients.of(registry.address)

    with pytest.raises(TLSFailure):
        access.client.resolve(own)
    with pytest.raises(AuthError):
        mirror.client.resolve(own)
    clients.close()

    assert {seen.authorization for seen in registry.seen} == {""}


@pytest.mark.parametrize(
    "headers",
    [
        {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "999999999999"},
        {"Retry-After": "Mon, 01 Jan 99999999999 00:00:00 GMT"},
    ],
)
@pytest.mark.parametrize("status", [0, 429])
def test_a_registry_that_sends_rubbish_is_no_trouble_of_another(
    headers: dict[str, str], status: int, registry: FakeRegistry, settings: Settings
) -> None:
    settings.WATCHWEB_RATE_LIMIT_PATIENCE = 0
    with FakeRegistry() as odd:
        Registry.objects.create(domain=odd.address, plain_http=True)
        odd.behaviour.headers, odd.behaviour.status = headers, status

        strange, good = asked([*references(odd, 1), *references(registry, 1)])

    assert good.digest
    assert strange.digest or strange.error


def test_a_fault_of_ours_is_the_answer_of_its_question_alone(registry: FakeRegistry) -> None:
    """Here a row that no form would save."""
    Registry.objects.create(domain="broken.example.com", trust="nobody knows")

    broken, good = asked([Reference.parse("broken.example.com/a/b:1"), *references(registry, 1)])

    assert good.digest
    assert broken.error == FAULT
    assert RemoteDigest.objects.get(error=FAULT).error_kind == "Fault"


def test_a_429_while_platforms_are_read_is_no_pull_and_everybody_knows(
    registry: FakeRegistry,
) -> None:
    (one,) = references(registry, 1)
    registries = Registries(since=timezone.now())
    digest = registries.resolve([one])[one].digest
    registry.behaviour.status = 429
    registry.behaviour.headers = {"Retry-After": "3600"}

    why = registries.unavailable(one, digest, "linux/amd64")
    registries.close()

    assert "allows no more requests" in why
    assert why.endswith("Nothing is pulled.")
    assert Registry.objects.get().is_paused
    another = Registries(since=timezone.now())
    ImagePlatforms.objects.create(digest=digest, platforms=["linux/amd64"])
    assert another.unavailable(one, digest, "linux/amd64").endswith("Nothing is pulled.")
    another.close()


def test_what_was_learned_for_credentials_that_were_changed_meanwhile_is_dropped(
    registry: FakeRegistry,
) -> None:
    registry.behaviour.auth = "basic"
    Registry.objects.all().delete()
    row = Registry.objects.create(
        domain=registry.address,
        plain_http=True,
        username=registry.username,
        password=registry.password,
    )
    clients = Clients(RowTokenStore(), lambda _: None)
    access = clients.of(registry.address)
    access.client.resolve(references(registry, 1)[0])
    access.note(None)
    row.password = "other"
    row.save()

    clients.remember()
    clients.close()

    assert not Registry.objects.get().hint_basic


def test_only_docker_hub_has_mirrors(registry: FakeRegistry) -> None:
    (one,) = references(registry, 1)

    (answer,) = asked([one], mirrors=("http://127.0.0.1:1",))

    assert answer.digest
    assert RemoteDigest.objects.get().via == ""


def test_credentials_of_the_registry_are_never_shown_to_its_mirror(
    registry: FakeRegistry,
) -> None:
    registry.put("library/nginx", "1")
    Registry.objects.create(domain="docker.io", username="me", password="hunter2-hunter2")

    (answer,) = asked([Reference.parse("nginx:1")], mirrors=(registry.url,))

    assert answer.digest
    assert {seen.authorization for seen in registry.seen} == {""}


def test_a_mirror_that_fails_is_passed_over(registry: FakeRegistry) -> None:
    (one,) = references(registry, 1)
    with FakeRegistry() as broken:
        broken.behaviour.status = 404
        clients = Clients(RowTokenStore(), lambda _: None)
        chain = (clients.of_mirror(broken.url), clients.of(registry.address))
        book = AnswerBook(timezone.now())
        (row,) = book.take([(one.canonical, broken.url)]).values()

        Inquiry(book, clients).run([Question(row, one, chain)])
        clients.close()

        assert len(broken.seen) == 1
    assert RemoteDigest.objects.get().digest.startswith("sha256:")


class _Full(AnswerBook):
    """A book on a disk that is full."""

    def save(self, rows: Collection[RemoteDigest]) -> None:  # noqa: ARG002
        raise OperationalError("database or disk is full")


def test_a_database_that_fails_ends_the_check_and_leaves_no_thread(
    registry: FakeRegistry,
) -> None:
    registry.behaviour.auth = "bearer"
    wanted = references(registry, 50)
    clients = Clients(RowTokenStore(), lambda _: None)
    book = _Full(timezone.now())
    rows = book.take({(one.canonical, "") for one in wanted})
    chain = (clients.of(registry.address),)
    questions = [Question(rows[one.canonical, ""], one, chain) for one in wanted]

    with pytest.raises(OperationalError):
        Inquiry(book, clients).run(questions)
    clients.close()

    assert not [one for one in threading.enumerate() if one.name.startswith("registry")]
