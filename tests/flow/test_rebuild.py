"""A container that vanished, made again from its last snapshot."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.daemon import FakeContainer, FakeImage
from tests.fakes.engine import FakeEngine
from tests.fakes.names import remote_digest
from tests.fakes.record import MemoryJournal, MemoryRecorder
from tests.flow.bench import FakeClock, FakeRegistries
from updates.engine.errors import EngineRefused
from updates.flow import labels
from updates.flow.job import Outcome
from updates.flow.past import Past
from updates.flow.policy import Policies
from updates.flow.ports import Prober, no_prober
from updates.flow.rebuild import Rebuild
from updates.flow.recover import Unfinished, recover
from updates.flow.rules import Rules
from updates.flow.session import Params, Result, Step
from updates.flow.snapshot import Snapshot

NAME = "shop/web:1"
BROKEN = EngineRefused("The engine answered 500: broken.", 500)


class Ruin:
    """A host on which web was updated, and then removed by somebody."""

    def __init__(self, state: str = "running") -> None:
        self.engine = FakeEngine()
        self.recorder = MemoryRecorder()
        self.prober: Prober = no_prober
        self.last_id = "1" * 64
        config = {"Env": ["A=1", "FROM_IMAGE=1"], "Labels": {"team": "shop"}}
        image = FakeImage("old", config={"Env": ["FROM_IMAGE=1"]})
        self.engine.add_image(image, NAME)
        made = self.engine.run("web", NAME, state=state, config=config, Binds=["data:/data"])
        self.record = Snapshot.take(self.engine, made).record()
        self.image = self.engine.add_image(FakeImage("new"), NAME)
        self.engine.forget(made)
        del self.engine.stored[image.id]
        self.past = Past(self.image.id, remote_digest("new"), NAME, "2")
        self.engine.calls.clear()
        self.journal = MemoryJournal(self.engine)

    def rebuild(
        self, past: Past | None = None, *, new_ids: dict[str, str] | None = None, **switches: Any
    ) -> str:
        clock = FakeClock()
        known = Params(switches={"gate_seconds": 1} | switches)
        return Rebuild(
            self.engine,
            FakeRegistries(self.engine),
            self.recorder,
            self.journal,
            Rules.of_run(known, Policies()),
            clock.clock,
            Snapshot.of_record(self.record),
            self.last_id,
            past or self.past,
            new_ids or {},
            prober=self.prober,
        ).run()

    @property
    def result(self) -> Result:
        return self.recorder.told["web"]

    @property
    def web(self) -> FakeContainer:
        return self.engine.named("web")

    def put_right(self) -> Outcome:
        """What the next worker does, from what the journal knows."""
        entry = self.journal.last
        self.engine.fail_on.clear()
        self.engine.lose_answer_on.clear()
        self.engine.witness = lambda _: None
        unfinished = Unfinished(
            Snapshot.of_record(entry.snapshot),
            entry.steps[-1][1] if entry.steps else Step.SNAPSHOT,
            entry.facts.get("new_id", ""),
            failure=entry.failure,
            log=entry.log,
            is_update="restarts" not in entry.facts,
            is_rebuild="rebuild" in entry.facts,
        )
        return recover(unfinished, self.engine, FakeClock().clock)


def test_it_is_made_again_as_it_was_on_the_image_it_had_last() -> None:
    ruin = Ruin()
    assert ruin.rebuild() == ""
    assert (ruin.result.state, ruin.result.new_id) == ("restarted", ruin.web.id)
    assert ruin.result.reason.startswith("Made again, with version 2 (sha256:")
    assert ruin.result.new_image_id == ruin.image.id == ruin.web.image.id
    assert ruin.web.is_running
    assert ruin.web.host["Binds"] == ["data:/data"]
    assert ruin.web.config["Image"] == NAME
    assert ruin.web.config["Labels"]["team"] == "shop"


def test_what_it_had_from_its_image_is_left_to_the_image() -> None:
    """Though that image is gone by now: the record knows."""
    ruin = Ruin()
    ruin.rebuild()
    assert ruin.web.config["Env"] == ["A=1"]


def test_one_that_was_stopped_is_made_and_not_started() -> None:
    ruin = Ruin("exited")
    ruin.rebuild()
    assert ruin.result.state == "restarted"
    assert ruin.web.state == "created"


def test_an_image_whose_tag_has_moved_on_is_used_by_its_id_and_the_tag_followed() -> None:
    ruin = Ruin()
    ruin.engine.add_image(FakeImage("newer"), NAME)
    ruin.rebuild()
    assert ruin.web.config["Image"] == ruin.image.id
    assert ruin.web.config["Labels"][labels.ORIGINAL_IMAGE] == NAME


def test_an_image_that_is_gone_is_pulled_by_its_digest() -> None:
    ruin = Ruin()
    ruin.engine.stored.clear()
    ruin.image.tags.clear()
    ruin.engine.remote[f"shop/web:{ruin.past.digest}"] = ruin.image
    assert ruin.rebuild() == ""
    assert ruin.web.image.id == ruin.image.id


def test_an_image_that_cannot_be_had_is_told() -> None:
    ruin = Ruin()
    ruin.engine.stored.clear()
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert "The pull of shop/web@sha256:" in ruin.result.reason
    assert ruin.engine.names() == set()
    assert "came from no registry" in ruin.rebuild(replace(ruin.past, digest=""))


def test_one_that_is_there_is_left_alone() -> None:
    ruin = Ruin()
    ruin.engine.run("web", NAME, state="exited")
    ruin.engine.calls.clear()
    assert "There is a container web on this host" in ruin.rebuild()
    assert ruin.recorder.told == {}
    assert set(ruin.engine.counts()) == {"containers", "images"}


def test_one_that_does_not_work_is_taken_away_and_its_log_is_kept() -> None:
    ruin = Ruin()
    ruin.image.exit_code = 3
    ruin.image.says = "no table\n"
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert ruin.result.reason == (
        "It was taken away again, for it does not work: It stopped with exit code 3."
    )
    assert ruin.result.log == "no table"
    assert ruin.engine.names() == set()
    [removal] = [call for call in ruin.engine.calls if call.name == "remove"]
    assert removal.how == {"volumes": False, "force": True}


@pytest.mark.parametrize("name", ["create", "start"])
def test_an_engine_that_refuses_leaves_nothing_behind(name: str) -> None:
    ruin = Ruin()
    ruin.engine.fail_on[name] = BROKEN
    ruin.rebuild()
    assert ruin.result.state == "failed"
    assert "broken" in ruin.result.reason
    assert ruin.engine.names() == set()


def test_the_end_of_the_worker_leaves_nothing_behind() -> None:
    ruin = Ruin()
    ruin.engine.fail_on["start"] = SystemExit(1)
    with pytest.raises(SystemExit):
        ruin.rebuild()
    assert ruin.engine.names() == set()


def test_what_the_engine_leaves_out_is_told() -> None:
    ruin = Ruin()
    ruin.record["HostConfig"]["Ulimits"] = [{"Name": "nofile", "Soft": 1, "Hard": 2}]
    ruin.engine.loses = "Ulimits"
    ruin.rebuild()
    assert ruin.result.state == "restarted"
    assert ruin.result.reason.endswith("The engine left out HostConfig.Ulimits.")


def test_a_parent_that_came_back_since_is_found_under_its_new_id() -> None:
    ruin = Ruin()
    parent = ruin.engine.run("vpn", "vpn:1")
    ruin.record["HostConfig"]["NetworkMode"] = f"container:{'0' * 64}"
    assert ruin.rebuild(new_ids={"0" * 64: parent}) == ""
    assert ruin.result.state == "restarted"
    assert ruin.engine.is_connected("web")
