"""One container back on an image that it had."""

from dataclasses import replace

import pytest

from tests.fakes.daemon import FakeImage
from tests.fakes.engine import Call
from tests.fakes.names import remote_digest
from tests.flow.bench import Bench
from updates.engine.errors import EngineRefused
from updates.flow import labels
from updates.flow.go_back import GoBack
from updates.flow.past import Past
from updates.flow.pull import KEEP_REPOSITORY, kept_tag
from updates.flow.rules import Rules
from updates.flow.session import Params

NAME = "shop/web:1"
PAST = Past(FakeImage(NAME).id, remote_digest(NAME), NAME, "1")
NEW = FakeImage(f"new {NAME}")


@pytest.fixture
def updated(bench: Bench) -> Bench:
    """After an update of web, whose earlier image is still on the host."""
    bench.stale("web", NAME, config={"Labels": {"team": "shop"}})
    assert bench.update()["web"].state == "updated"
    bench.again()
    return bench


def go_back(bench: Bench, past: Past = PAST, *, own: str = "", name: str = "web") -> str:
    return GoBack(
        bench.engine,
        bench.registries,
        bench.recorder,
        bench.journal,
        Rules.of_run(Params(switches={"gate_seconds": 1}), bench.policies),
        bench.clock.clock,
        name,
        past,
        own=lambda _: {own},
    ).run()


def forget_old_image(bench: Bench) -> None:
    """Removed from the host; the registry has it still, by its digest."""
    image = bench.engine.stored.pop(PAST.image_id)
    bench.engine.remote[f"shop/web:{PAST.digest}"] = image
    image.tags.clear()
    image.digests.clear()


def test_it_is_recreated_on_the_earlier_image_beside_the_present_one(updated: Bench) -> None:
    assert go_back(updated) == ""
    web = updated.engine.named("web")
    assert web.image.id == PAST.image_id
    assert web.is_running
    assert web.config["Labels"]["team"] == "shop"
    result = updated.recorder.told["web"]
    assert (result.state, result.image) == ("updated", NAME)
    assert result.reason.startswith("Back to version 1 (sha256:")
    assert (result.old_image_id, result.new_image_id) == (NEW.id, PAST.image_id)
    assert (result.old_digest, result.new_digest) == (remote_digest(NEW.seed), PAST.digest)
    order = ["create", "stop", "rename", "rename", "start", "remove"]
    assert [call.name for call in updated.engine.calls if call.name in order] == order
    assert "pull" not in updated.engine.counts()
    assert updated.registries.asked == []
    assert updated.journal.last.outcome == "updated"


def test_it_goes_on_to_follow_its_tag_and_is_held_until_released(updated: Bench) -> None:
    go_back(updated)
    assert updated.engine.named("web").config["Labels"][labels.ORIGINAL_IMAGE] == NAME
    updated.again()
    held = updated.update()["web"]
    assert held.state == "stale"
    assert "the container is held. It went back to version 1 (sha256:" in held.reason
    updated.again()
    updated.recorder.release("web")
    assert updated.update()["web"].state == "updated"
    assert updated.engine.named("web").image.id == NEW.id


def test_an_image_that_is_gone_is_pulled_again_by_its_digest(updated: Bench) -> None:
    forget_old_image(updated)
    assert go_back(updated) == ""
    [pull] = [call for call in updated.engine.calls if call.name == "pull"]
    assert pull.target == f"shop/web:{PAST.digest}"
    assert updated.engine.named("web").image.id == PAST.image_id
    assert updated.engine.named("web").config["Labels"][labels.ORIGINAL_IMAGE] == NAME


def test_one_that_nobody_has_any_more_touches_nothing(updated: Bench) -> None:
    forget_old_image(updated)
    updated.engine.remote.clear()
    before = updated.engine.named("web").id
    assert go_back(updated) == ""
    result = updated.recorder.told["web"]
    assert result.state == "failed"
    assert f"shop/web@{PAST.digest} failed" in result.reason
    assert updated.engine.named("web").id == before
    assert updated.recorder.holds().get("web", ()) == ()


def test_one_from_no_registry_that_is_gone_is_told_before_anything(updated: Bench) -> None:
    forget_old_image(updated)
    why = go_back(updated, replace(PAST, digest=""))
    assert "is not on this host any more, and came from no registry." in why
    assert updated.recorder.told == {}


def test_one_without_a_digest_is_used_while_it_is_here(updated: Bench) -> None:
    assert go_back(updated, replace(PAST, digest="")) == ""
    assert updated.engine.named("web").image.id == PAST.image_id


def test_the_present_image_is_kept_to_go_forward_again(updated: Bench) -> None:
    go_back(updated)
    tags = updated.engine.stored[NEW.id].tags
    assert f"{KEEP_REPOSITORY}:{kept_tag(NEW.id)}" in tags
    updated.again()
    assert go_back(updated, Past(NEW.id, remote_digest(NEW.seed), NAME)) == ""
    assert updated.engine.named("web").image.id == NEW.id


def test_an_earlier_image_that_does_not_work_brings_the_present_one_back(updated: Bench) -> None:
    before = updated.engine.named("web").id
    updated.engine.stored[PAST.image_id].exit_code = 1
    go_back(updated)
    assert updated.recorder.told["web"].state == "rolled_back"
    assert updated.engine.names() == {"web"}
    assert (updated.engine.named("web").id, updated.engine.named("web").is_running) == (
        before,
        True,
    )
    assert not any(one.is_for_all for one in updated.recorder.held["web"])


def test_one_that_was_held_before_stays_held_for_that_reason_if_it_fails(updated: Bench) -> None:
    updated.recorder.hold("web", "It went back to version 0.")
    updated.engine.stored[PAST.image_id].exit_code = 1
    go_back(updated)
    holds = [one for one in updated.recorder.held["web"] if one.is_for_all]
    assert holds[-1].why == "It went back to version 0."


@pytest.mark.parametrize("fault", [SystemExit(1), KeyError("odd")])
def test_the_end_of_the_worker_leaves_no_hold(updated: Bench, fault: BaseException) -> None:
    updated.engine.fail_on["stop"] = fault
    with pytest.raises(type(fault)):
        go_back(updated)
    assert updated.recorder.holds()["web"] == ()
    assert updated.engine.named("web").image.id == NEW.id


def test_it_is_held_before_anything_is_done_to_it(updated: Bench) -> None:
    seen: list[bool] = []

    def look(_: Call) -> None:
        seen.append(bool(updated.recorder.holds()["web"]))

    updated.engine.fail_on["create"] = look
    go_back(updated)
    assert seen == [True]


def test_a_blocked_image_that_works_after_all_is_blocked_no_more(bench: Bench) -> None:
    bad = FakeImage("bad", exit_code=1)
    bench.stale("web", NAME, new=bad)
    bench.update()
    bench.again()
    bad.exit_code = None
    assert go_back(bench, Past(bad.id, remote_digest("bad"), NAME)) == ""
    assert [one.digest for one in bench.recorder.held["web"]] == [""]


@pytest.mark.parametrize(
    "setting", ["monitor_only", "cooldown_delay", "no_pull", "disable_containers"]
)
def test_no_setting_keeps_a_person_from_it(updated: Bench, setting: str) -> None:
    value = {"cooldown_delay": 10**8, "disable_containers": ["web"]}.get(setting, True)
    updated.policies = replace(updated.policies, host={setting: value})
    assert go_back(updated) == ""
    assert updated.engine.named("web").image.id == PAST.image_id


@pytest.mark.parametrize("state", ["restarting", "exited"])
def test_one_that_keeps_restarting_or_is_stopped_goes_back_too(updated: Bench, state: str) -> None:
    updated.engine.named("web").state = state
    assert go_back(updated) == ""
    web = updated.engine.named("web")
    assert (web.image.id, web.is_running) == (PAST.image_id, state == "restarting")


def test_what_lives_in_its_network_follows_it(updated: Bench) -> None:
    parent = updated.engine.named("web").id
    updated.engine.run("client", "shop/client:1", NetworkMode=f"container:{parent}")
    assert go_back(updated) == ""
    assert updated.recorder.told["client"].state == "restarted"
    assert updated.engine.is_connected("client")


def test_watchweb_itself_a_paused_one_and_one_that_is_there_already_are_refused(
    updated: Bench,
) -> None:
    web = updated.engine.named("web")
    assert "Watchweb itself runs in it" in go_back(updated, own=web.id)
    assert "already" in go_back(updated, Past(NEW.id, "", NAME))
    web.state = "paused"
    assert "paused" in go_back(updated)
    assert "There is no container nobody" in go_back(updated, name="nobody")
    assert {"create", "stop", "rename", "pull"}.isdisjoint(updated.engine.counts())
    assert updated.journal.entries == []


def test_a_fault_at_the_list_is_the_hosts(updated: Bench) -> None:
    updated.engine.fail_on["containers"] = EngineRefused("No.", 500)
    with pytest.raises(EngineRefused):
        go_back(updated)
