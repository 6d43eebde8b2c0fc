"""What registries are asked for is counted in rows, whoever asked."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.fakes.registry import FakeRegistry
from tests.metrics.scrape import samples, total, value
from updates.metrics.asked import status_class
from updates.models import Registry, RegistryToken
from updates.registry.reference import Reference
from updates.runs.registries import Registries

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS = "watchweb_registry_requests_total"


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        fake.behaviour.auth = "bearer"
        Registry.objects.create(
            domain=fake.address, plain_http=True, username=fake.username, password=fake.password
        )
        yield fake


def ask(registry: FakeRegistry, count: int) -> None:
    """As a host run does: so many references, all asked anew."""
    for number in range(count):
        registry.put(f"app-{number}")
    wanted = [Reference.parse(f"{registry.address}/app-{number}") for number in range(count)]
    registries = Registries(since=timezone.now())
    try:
        registries.resolve(wanted)
    finally:
        registries.close()


def test_requests_are_counted_by_registry_kind_and_status(registry: FakeRegistry) -> None:
    ask(registry, 3)
    asked = registry.counts()
    assert total(REQUESTS, samples()) == sum(asked.values())
    one = {"registry": registry.address}
    assert value(REQUESTS, **one, kind="manifest", status="2xx") == 3
    assert value(REQUESTS, **one, kind="token", status="2xx") == 3
    ask(registry, 3)
    assert value(REQUESTS, **one, kind="manifest", status="2xx") == 6


def test_tokens_are_counted_as_at_hand_or_fetched(registry: FakeRegistry) -> None:
    ask(registry, 3)
    one = {"registry": registry.address}
    assert value("watchweb_registry_token_cache_misses_total", **one) == 3
    ask(registry, 3)
    assert value("watchweb_registry_token_cache_misses_total", **one) == 3
    hits = value("watchweb_registry_token_cache_hits_total", **one)
    assert hits >= 3
    RegistryToken.objects.all().delete()
    ask(registry, 1)
    assert value("watchweb_registry_token_cache_misses_total", **one) == 4


def test_refusals_by_a_rate_limit_are_counted(registry: FakeRegistry, settings: object) -> None:
    settings.WATCHWEB_RATE_LIMIT_PATIENCE = 0  # type: ignore[attr-defined]
    ask(registry, 1)
    registry.behaviour.refusals_left = 1
    ask(registry, 1)
    assert value("watchweb_registry_rate_limited_total", registry=registry.address) == 1
    assert value(REQUESTS, registry=registry.address, kind="manifest", status="4xx") >= 1


def test_a_registry_that_is_away_is_counted_as_no_answer(db: None) -> None:
    Registry.objects.create(domain="127.0.0.1:9", plain_http=True)
    registries = Registries(since=timezone.now())
    registries.resolve([Reference.parse("127.0.0.1:9/app")])
    registries.close()
    assert value(REQUESTS, registry="127.0.0.1:9", kind="manifest", status="none") >= 1


def test_all_of_it_is_one_statement_however_much_was_asked(registry: FakeRegistry) -> None:
    def statements(count: int) -> int:
        registries = Registries(since=timezone.now())
        for number in range(count):
            registry.put(f"app-{number}")
        wanted = [Reference.parse(f"{registry.address}/app-{number}") for number in range(count)]
        registries.resolve(wanted)
        with CaptureQueriesContext(connection) as captured:
            registries.close()
        return len(captured)

    assert statements(1) == statements(20) == 1


@pytest.mark.parametrize(
    ("status", "named"), [(200, "2xx"), (304, "3xx"), (429, "4xx"), (503, "5xx"), (None, "none")]
)
def test_a_status_is_named_by_its_class(status: int | None, named: str) -> None:
    assert status_class(status) == named
