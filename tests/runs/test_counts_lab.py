"""A check is cheap: counted at the engine's client, the registry's log and the token service."""

from tests.lab.registry import Registry as LabRegistry
from tests.runs.crowd import REFERENCES, make_crowd
from tests.runs.stage import Stage
from updates.models import Host, HostRun, RegistryToken


class Counter:
    """What the registry and its token service were asked since the last look."""

    def __init__(self, registry: LabRegistry) -> None:
        assert registry.token_server
        self.registry = registry
        self.tokens = registry.token_server
        self.seen = (len(registry.requests()), len(self.tokens.requests))

    def take(self) -> tuple[int, int, int]:
        """(manifest requests answered 200 or 304, those answered 401, token requests)."""
        requests, tokens = self.registry.requests(), len(self.tokens.requests)
        seen = self.seen
        new = [one for one in requests[seen[0] :] if "/manifests/" in one.path]
        assert {one.method for one in new} <= {"HEAD"}
        self.seen = (len(requests), tokens)
        statuses = [one.status for one in new]
        good = statuses.count(200) + statuses.count(304)
        return good, statuses.count(401), tokens - seen[1]


def test_a_scan_of_100_containers_asks_20_questions_and_the_second_no_token(
    stage: Stage, lab_registry_token: LabRegistry
) -> None:
    stage.trust(lab_registry_token)
    make_crowd(stage.engine, lab_registry_token)
    counter = Counter(lab_registry_token)

    first = stage.scan()
    assert first["counts"]["scanned"] == first["counts"]["fresh"] == 100
    heads, refusals, tokens = counter.take()
    assert heads == REFERENCES
    assert refusals <= 1, "the first one learns the challenge for all"
    assert tokens <= REFERENCES

    second = stage.scan()
    assert second["counts"]["fresh"] == 100
    assert counter.take() == (REFERENCES, 0, 0)

    parts = HostRun.objects.order_by("pk")
    # The containers, the images: nothing is inspected. What the engine is, is asked once an hour.
    assert [part.engine_calls for part in parts] == [4, 2]
    assert [part.registry_calls for part in parts] == [heads + refusals + tokens, REFERENCES]
    assert RegistryToken.objects.count() == REFERENCES
    assert set(RegistryToken.objects.values_list("hits", flat=True)) == {1}


def test_two_hosts_in_one_run_ask_each_question_once(
    stage: Stage, lab_registry_token: LabRegistry
) -> None:
    stage.trust(lab_registry_token)
    make_crowd(stage.engine, lab_registry_token, containers=6, count=3)
    twin = Host.objects.create(name="twin", url=stage.engine.url)
    counter = Counter(lab_registry_token)

    document = stage.scan(stage.host, twin)

    assert document["counts"]["fresh"] == 12
    assert counter.take()[0] == 3
