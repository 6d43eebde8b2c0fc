"""Each distinct reference is pulled once, and the old image stays findable."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.names import remote_digest
from tests.flow.bench import Bench
from updates.engine.errors import PullFailed
from updates.flow.ports import Guard, unguarded
from updates.flow.pull import Pulls, kept_tag
from updates.flow.session import Interrupted, Step
from updates.registry.reference import Reference

WEB = Reference.parse("shop/web:1")


def pull(
    bench: Bench,
    *,
    guard: Guard = unguarded,
    here: tuple[Reference, ...] = (),
    named: str = "sha256:named",
) -> Pulls:
    """Pull what all containers of the host follow."""
    containers = bench.engine.containers()
    references = {
        one.id: Reference.parse(bench.engine.kept[one.id].config["Image"]) for one in containers
    }
    digests = dict.fromkeys(references.values(), named)
    pulls = Pulls(bench.engine, bench.registries, bench.recorder, guard, 60.0, here, digests)
    pulls.run(containers, references)
    return pulls


def platforms(bench: Bench) -> dict[str, str]:
    """The platform that each reference was pulled for; "" is the engine's own choice."""
    pulled = (call for call in bench.engine.calls if call.name == "pull")
    return {call.target: call.how["platform"] for call in pulled}


def test_two_containers_of_one_reference_need_one_pull(bench: Bench) -> None:
    first, second = bench.stale("a", "shop/web:1"), bench.stale("b", "shop/web:1")
    pulls = pull(bench)
    assert bench.engine.counts()["pull"] == 1
    assert pulls.images[WEB].id == bench.engine.remote["shop/web:1"].id
    assert pulls.digests == {WEB: remote_digest("new shop/web:1")}
    assert {one for one, step, _ in bench.recorder.steps if step is Step.PULLED} == {first, second}


def test_the_progress_of_a_pull_is_told_of_each_container_that_waits_for_it(bench: Bench) -> None:
    made = {bench.stale("a", "shop/web:1"), bench.stale("b", "shop/web:1")}
    pull(bench)
    assert {one for one, _ in bench.recorder.snapshots} == made


def test_an_error_is_that_references_own_and_the_next_one_is_pulled(bench: Bench) -> None:
    bench.stale("a", "shop/a:1")
    bench.stale("b", "shop/b:1")
    bench.engine.fail_on["pull", 1] = PullFailed("no space left on device")
    pulls = pull(bench)
    assert pulls.errors == {
        Reference.parse("shop/a:1"): "The pull of shop/a:1 failed: no space left on device"
    }
    assert list(pulls.images) == [Reference.parse("shop/b:1")]


def test_the_old_image_keeps_a_tag_where_an_engine_would_forget_it() -> None:
    bench = Bench()
    bench.engine.forgets_untagged = True
    bench.stale("web")
    old = bench.engine.named("web").image
    pull(bench)
    assert bench.engine.stored[old.id].tags == [f"watchweb/kept:{kept_tag(old.id)}"]


def test_an_old_image_that_somebody_removed_does_not_stop_the_pull(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.stored.clear()
    assert pull(bench).errors == {}


def test_the_credentials_of_a_registry_go_with_its_pull_only(bench: Bench) -> None:
    secret = {"username": "u", "password": "p"}
    bench.registries.credentials["r.test"] = secret
    bench.stale("a", "r.test/a:1")
    bench.stale("b", "other.test/b:1")
    pull(bench)
    auths = {call.target: call.how["auth"] for call in bench.engine.calls if call.name == "pull"}
    assert auths == {"r.test/a:1": secret, "other.test/b:1": None}


def test_an_image_that_is_here_already_is_looked_up_and_not_pulled(bench: Bench) -> None:
    bench.stale("web")
    new = bench.engine.add_image(FakeImage("by hand"), "shop/web:1")
    pulls = pull(bench, here=(WEB,))
    assert bench.engine.counts()["pull"] == 0
    assert pulls.images[WEB].id == new.id


def test_a_fault_of_ours_in_a_pull_is_that_references_own(bench: Bench) -> None:
    def guard[T](work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
        try:
            return work()
        except KeyError:
            return otherwise("A fault.")

    bench.stale("a", "shop/a:1")
    bench.stale("b", "shop/b:1")
    bench.engine.fail_on["pull", 1] = KeyError("status")
    pulls = pull(bench, guard=guard)
    assert list(pulls.errors.values()) == ["The pull of shop/a:1 failed: A fault."]
    assert len(pulls.images) == 1


def test_a_run_that_was_stopped_pulls_nothing_more(bench: Bench) -> None:
    bench.stale("a", "shop/a:1")
    bench.stale("b", "shop/b:1")
    bench.recorder.goes_on = 1
    with pytest.raises(Interrupted):
        pull(bench)
    assert bench.engine.counts()["pull"] == 1


def test_what_a_platform_cannot_have_is_asked_once_and_not_pulled(bench: Bench) -> None:
    bench.stale("a", "shop/web:1")
    bench.stale("b", "shop/web:1")
    bench.stale("c", "shop/db:1")
    bench.registries.lacking["shop/web:1"] = "It is not available."
    pulls = pull(bench)
    assert pulls.unavailable == {WEB: "It is not available."}
    assert pulls.errors == {}
    assert list(pulls.images) == [Reference.parse("shop/db:1")]
    assert platforms(bench) == {"shop/db:1": ""}
    assert bench.registries.asked_for == [
        ("shop/web:1", "sha256:named", "linux/amd64"),
        ("shop/db:1", "sha256:named", "linux/amd64"),
    ]


def test_what_is_here_already_is_asked_for_nowhere(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.add_image(FakeImage("by hand"), "shop/web:1")
    pull(bench, here=(WEB,))
    assert bench.registries.asked_for == []


def test_an_emulated_container_stays_on_its_platform(bench: Bench) -> None:
    bench.stale("web")
    bench.stale("db")
    bench.engine.named("web").image.platform = "linux/arm64/v8"
    pull(bench)
    assert platforms(bench) == {"shop/web:1": "linux/arm64/v8", "shop/db:1": ""}
    assert bench.registries.asked_for[0] == ("shop/web:1", "sha256:named", "linux/arm64/v8")


def test_a_variant_alone_leaves_the_choice_to_the_engine(bench: Bench) -> None:
    bench.engine.info = replace(bench.engine.info, arch="arm")
    bench.stale("web")
    bench.engine.named("web").image.platform = "linux/arm/v7"
    pull(bench)
    assert platforms(bench) == {"shop/web:1": ""}
    assert bench.registries.asked_for[0][2] == "linux/arm/v7"


@pytest.mark.parametrize("changes", [{"api_version": "1.40"}, {"arch": ""}, {"os": ""}])
def test_an_engine_that_cannot_choose_or_does_not_say_what_it_is_chooses_itself(
    bench: Bench, changes: dict[str, Any]
) -> None:
    bench.engine.info = replace(bench.engine.info, **changes)
    bench.stale("web")
    bench.engine.named("web").image.platform = "linux/arm64"
    pull(bench)
    assert platforms(bench) == {"shop/web:1": ""}


def test_an_image_that_is_gone_was_for_the_hosts_platform(bench: Bench) -> None:
    bench.stale("web")
    bench.engine.stored.clear()
    pull(bench)
    assert bench.registries.asked_for == [("shop/web:1", "sha256:named", "linux/amd64")]


def test_beside_one_that_is_the_hosts_own_nobody_is_emulated(bench: Bench) -> None:
    bench.stale("own", "shop/web:1")
    for number in range(8):
        bench.stale(f"arm-{number}", "shop/web:1")
        image = FakeImage(f"arm {number}", platform="linux/arm64")
        bench.engine.named(f"arm-{number}").image = bench.engine.add_image(image)
    pull(bench)
    assert platforms(bench) == {"shop/web:1": ""}
