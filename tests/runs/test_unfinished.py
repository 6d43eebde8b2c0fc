"""What a host run puts right before it begins."""

from dataclasses import dataclass

import pytest

from tests.fakes.engine import FakeEngine
from tests.flow.bench import ALWAYS, FakeClock
from tests.runs.rows import host_run
from updates.flow.session import Step
from updates.flow.snapshot import Snapshot
from updates.models import ContainerResult, Host, HostRun, Replacement
from updates.runs.journal import RowJournal
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
