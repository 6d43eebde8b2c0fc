"""Which containers take part, and what is asked for them."""

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import Call
from tests.fakes.names import remote_digest
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
    assert list(bench.recorder.told) == ["on"]


def test_only_those_that_are_named_are_checked(bench: Bench) -> None:
    bench.fresh("web")
    bench.fresh("db")
    bench.scan(names=("w*",))
    assert statuses(bench) == {"web": "up_to_date"}


def test_what_only_this_run_leaves_out_keeps_what_an_earlier_one_found(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.scan(disable_containers=("db",))
    assert statuses(bench) == {"web": "up_to_date"}
    assert bench.registries.asked == ["shop/web:1"]


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


def test_a_run_for_an_image_finds_it_under_a_tag_that_moved_away(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.engine.add_image(FakeImage("by hand"), "shop/db:1")
    bench.scan(images=("shop/db",))
    assert statuses(bench) == {"db": "update_available"}


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


def test_what_is_pinned_made_from_an_id_or_made_here_is_not_asked_for(bench: Bench) -> None:
    old = bench.engine.add_image(FakeImage("old"), "shop/web:1")
    bench.engine.run("pinned", f"shop/web:1@{remote_digest('old')}")
    bench.engine.run("by-digest", f"shop/web@{remote_digest('old')}")
    bench.engine.run("by-id", old.id)
    bench.engine.run("by-short-id", old.id.removeprefix("sha256:")[:12])
    bench.engine.run("made-here", "local/app:1")
    bench.engine.named("made-here").image.digests.clear()
    results = bench.update()
    assert bench.registries.asked == []
    assert statuses(bench) == {
        "pinned": "pinned",
        "by-digest": "pinned",
        "by-id": "local",
        "by-short-id": "local",
        "made-here": "local",
    }
    assert {result.state for result in results.values()} == {"skipped"}
    assert bench.engine.counts()["pull"] == 0


def test_one_made_here_on_a_containerd_store_is_asked_for_and_known_as_such_then(
    bench: Bench,
) -> None:
    bench.engine.run("app", "local/app:1")
    image = bench.engine.named("app").image
    image.digests = [f"local/app@{image.id}"]
    bench.scan()
    assert bench.registries.asked == ["local/app:1"]
    assert statuses(bench) == {"app": "local"}


def test_one_whose_platform_is_gone_from_the_registry_is_left_alone_and_says_so(
    bench: Bench,
) -> None:
    bench.stale("web")
    bench.stale("db")
    bench.registries.answers["shop/web:1"] = Answer(remote_digest("x"), platforms=["linux/arm64"])
    results = bench.update()
    assert bench.states() == {"web": "skipped", "db": "updated"}
    reason = "shop/web:1 is not available for linux/amd64: nothing is pulled."
    assert results["web"].reason == reason
    web = bench.engine.named("web")
    assert bench.recorder.verdicts[web.id].status is CheckStatus.UNKNOWN


def test_an_emulated_one_is_judged_by_its_own_platform(bench: Bench) -> None:
    for name in ("gone", "there"):
        bench.stale(name)
        bench.engine.named(name).image.platform = "linux/arm64/v8"
    digest = remote_digest("new shop/there:1")
    bench.registries.answers["shop/there:1"] = Answer(digest, platforms=["linux/arm64"])
    bench.registries.answers["shop/gone:1"] = Answer(digest, platforms=["linux/s390x"])
    results = bench.scan()
    assert bench.states() == {"gone": "skipped", "there": "stale"}
    assert "linux/arm64/v8" in results["gone"].reason
    assert bench.engine.counts() == {"containers": 1, "images": 1, "inspect_image": 2}


def test_an_image_that_vanishes_before_its_platform_is_read_changes_nothing(bench: Bench) -> None:
    def vanish(call: Call) -> None:
        del bench.engine.stored[call.target]

    bench.stale("web")
    bench.engine.fail_on["inspect_image"] = vanish
    bench.registries.answers["shop/web:1"] = Answer(remote_digest("x"), platforms=["linux/arm64"])
    assert "linux/amd64" in bench.scan()["web"].reason


def test_a_fault_of_ours_in_a_verdict_is_that_containers_own(bench: Bench) -> None:
    bench.fresh("web")
    bench.stale("db")
    bench.registries.answers["shop/db:1"] = Answer(remote_digest("x"), platforms=[7])  # type: ignore[list-item]
    results = bench.update(guard=catching)
    assert (results["db"].state, results["db"].reason) == ("skipped", "A fault: AttributeError.")
    assert results["web"].state == "fresh"


def test_a_fault_of_ours_in_a_filter_is_that_containers_own(bench: Bench) -> None:
    bench.stale("web")
    odd = bench.stale("odd", config={"Labels": {"watchweb.enable": None}})
    results = bench.update(guard=catching)
    assert results["web"].state == "updated"
    assert bench.recorder.verdicts[odd].reason == "A fault: AttributeError."
    assert bench.engine.named("odd").id == odd


def test_no_pull_asks_no_registry(bench: Bench) -> None:
    bench.stale("web")
    results = bench.scan(no_pull=True)
    assert bench.registries.asked == []
    assert results["web"].state == "skipped"
