"""What a host run puts right before it begins."""

from dataclasses import dataclass, replace

import pytest

from tests.fakes.engine import FakeEngine
from tests.flow.bench import ALWAYS, FakeClock
from tests.runs.rows import host_run
from updates.engine.errors import EngineRefused
from updates.flow.session import Result, State, Step
from updates.flow.snapshot import Snapshot
from updates.models import ContainerResult, Hold, Host, HostRun, Replacement
from updates.models.run import RunState
from updates.runs.execute import close_host_run
from updates.runs.journal import RowJournal, RowPage
from updates.runs.recorder import RowRecorder
from updates.runs.unfinished import is_left_for, put_right

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class Half:
    """A container in the middle of its replacement, stopped and aside, and the row that knows."""

    engine: FakeEngine
    old: Snapshot
    part: HostRun

    @classmethod
    def of(cls, host: Host, state: str = "interrupted") -> "Half":
        engine = FakeEngine()
        old = Snapshot.take(engine, engine.run("web", "shop/web:1", RestartPolicy=ALWAYS))
        part = host_run(host, state=state)
        page = RowJournal(part).open(engine.containers()[0], old.record())
        engine.stop(old.id, signal=None, timeout_s=1)
        engine.set_restart_policy(old.id, {"Name": "no"})
        engine.rename(old.id, old.aside_name)
        page.before(Step.SWAP)
        ContainerResult.objects.create(
            host_run=part, container_id=old.id, name="web", image="shop/web:1", state="failed"
        )
        return cls(engine, old, part)

    def put_right(self, mine: HostRun) -> ContainerResult:
        put_right(mine, self.engine, FakeClock().clock)
        return ContainerResult.objects.get(host_run=self.part)

    def check_it_is_back(self) -> None:
        web = self.engine.named("web")
        assert (web.id, web.is_running, web.host["RestartPolicy"]) == (self.old.id, True, ALWAYS)
        assert self.engine.names() == {"web"}


def test_what_another_host_run_left_is_put_right_in_its_record(host: Host) -> None:
    half = Half.of(host)
    mine = host_run(host)
    assert is_left_for(mine)
    assert half.put_right(mine).state == "rolled_back"
    half.check_it_is_back()
    assert Replacement.objects.get().closed_at is not None


def test_one_that_was_handed_back_tries_again_what_it_left_open_itself(host: Host) -> None:
    """Its worker was told to stop, and it is queued and claimed again."""
    half = Half.of(host, "running")
    assert is_left_for(half.part)
    assert half.put_right(half.part).state == "rolled_back"
    half.check_it_is_back()
    row = Replacement.objects.get()
    assert (row.outcome, row.closed_at is None) == ("rolled_back", False)


def test_what_a_live_one_has_in_hand_is_no_other_ones(host: Host) -> None:
    half = Half.of(host, "running")
    mine = host_run(host, state="queued")
    assert not is_left_for(mine)
    assert half.put_right(mine).state == "failed"
    assert half.engine.names() == {half.old.aside_name}


FAILED = "The new container did not pass: It stopped with exit code 3."


def fail(half: Half, **facts: str) -> RowPage:
    """The gate has failed, and nothing more was done."""
    page = RowPage(Replacement.objects.get())
    page.before(Step.CREATE, digest="sha256:bad", version="2", **facts)
    page.plan({}, "sha256:new")
    page.fail(FAILED, "no such table")
    return page


def test_a_gate_that_failed_blocks_its_image_once_though_its_worker_died(host: Host) -> None:
    half = Half.of(host)
    fail(half)
    mine = host_run(host)
    half.engine.fail_on["start"] = EngineRefused("The engine answered 500: broken.", 500)
    assert half.put_right(mine).state == "failed", "it is left, to be tried again"
    block = Hold.objects.get()
    assert (block.container, block.digest, block.image_id) == ("web", "sha256:bad", "sha256:new")
    assert (block.version, FAILED in block.reason) == ("2", True)
    block.delete()  # A person wants to try it again.
    half.engine.fail_on.clear()

    result = half.put_right(mine)

    half.check_it_is_back()
    assert (result.state, result.log) == ("rolled_back", "no such table")
    assert result.reason.startswith(FAILED)
    assert (result.new_digest, result.new_image_id) == ("sha256:bad", "sha256:new")
    assert not Hold.objects.exists()


def test_what_was_only_restarted_blames_no_image(host: Host) -> None:
    half = Half.of(host)
    fail(half, restarts="yes")
    result = half.put_right(host_run(host))
    assert (result.state, result.log) == ("rolled_back", "no such table")
    assert not Hold.objects.exists()


@pytest.mark.parametrize("has_told", [True, False])
def test_one_that_went_back_and_died_before_it_said_so_has_its_block_too(
    host: Host, has_told: bool
) -> None:
    half = Half.of(host, "running")
    page = fail(half)
    page.close("rolled_back")
    result = Result(half.old.id, "web", "a", State.ROLLED_BACK, FAILED, new_digest="sha256:bad")
    if has_told:
        RowRecorder(half.part).result(replace(result, blames_image=True))
        Hold.objects.all().delete()  # Lifted since.
    ContainerResult.objects.update(state="")
    close_host_run(half.part, RunState.INTERRUPTED, "Its worker stopped.")
    row = ContainerResult.objects.get()
    assert (row.state, row.reason, row.log) == ("rolled_back", FAILED, "no such table")
    assert Hold.objects.count() == (0 if has_told else 1)
