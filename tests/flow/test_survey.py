"""Which containers take part, and what is asked for them."""

from tests.fakes.daemon import FakeImage
from tests.flow.bench import Bench
from tests.flow.faults import catching
from tests.flow.summaries import label
from updates.flow.check import Answer
from updates.flow.session import CheckStatus


def statuses(bench: Bench) -> dict[str, str]:
    return {
        bench.engine.kept[one].name: str(verdict.status)
        for one, verdict in bench.recorder.verdicts.items()
    }


def test_each_distinct_reference_is_asked_once(bench: Bench) -> None:
    for number in range(4):
        bench.fresh(f"web-{number}", "shop/web:1")
    bench.fresh("db", "docker.io/shop/db:1")
    bench.fresh("db-too", "shop/db:1")
    bench.scan()
    assert bench.registries.asked == ["shop/db:1", "shop/web:1"]


def test_excluded_ones_are_known_as_such_and_nobody_asks_for_them(bench: Bench) -> None:
    bench.stale("off", config={"Labels": label("enable", "false")})
    bench.fresh("on")
    bench.scan()
    assert statuses(bench) == {"off": "excluded", "on": "up_to_date"}
    assert bench.registries.asked == ["shop/on:1"]
    assert list(bench.recorder.results) == ["on"]


def test_only_those_that_are_named_are_checked(bench: Bench) -> None:
    bench.fresh("web")
    bench.fresh("db")
    bench.scan(names=("w*",))
    assert statuses(bench) == {"web": "up_to_date"}


def test_a_run_that_fits_nobody_says_so(bench: Bench) -> None:
    bench.fresh("web")
    bench.scan(names=("nobody",))
    assert bench.recorder.notes == ["No container on this host takes part in this run."]


def test_a_container_whose_entry_shows_an_id_is_inspected_and_no_other(bench: Bench) -> None:
    bench.fresh("web")
    moved = bench.stale("db")
    bench.engine.add_image(FakeImage("by hand"), "shop/db:1")
    bench.scan()
    inspected = [call.target for call in bench.engine.calls if call.name == "inspect_container"]
    assert inspected == [moved]
    assert statuses(bench) == {"web": "up_to_date", "db": "update_available"}


def test_a_container_that_vanishes_before_its_inspect_is_skipped(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.engine.add_image(FakeImage("by hand"), "shop/db:1")
    bench.engine.fail_on["inspect_container"] = lambda call: bench.engine.forget(call.target)
    results = bench.scan()
    assert results["db"].state == "skipped"
    assert "No such container" in results["db"].reason
    assert results["web"].state == "fresh"


def test_an_odd_inspect_is_that_containers_own_trouble(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.engine.add_image(FakeImage("by hand"), "shop/db:1")
    bench.engine.omits = "Config"
    results = bench.update(guard=catching)
    assert (results["db"].state, results["db"].reason) == ("skipped", "A fault: KeyError.")
    assert results["web"].state == "fresh"


def test_a_bad_reference_is_that_containers_own_trouble(bench: Bench) -> None:
    bench.fresh("web")
    bench.engine.run("odd", "Shop/ODD::1")
    results = bench.scan()
    assert results["odd"].state == "skipped"
    assert "Shop/ODD" in results["odd"].reason
    assert results["web"].state == "fresh"


def test_a_failed_check_is_skipped_with_its_reason_and_stays_unknown(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.registries.answers["shop/db:1"] = Answer(error="It answered 429.")
    results = bench.update()
    assert (results["db"].state, results["db"].reason) == ("skipped", "It answered 429.")
    assert statuses(bench)["db"] == CheckStatus.UNKNOWN


def test_no_pull_asks_no_registry(bench: Bench) -> None:
    bench.stale("web")
    results = bench.scan(no_pull=True)
    assert bench.registries.asked == []
    assert results["web"].state == "skipped"
