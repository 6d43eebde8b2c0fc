"""The record of a host run, while it goes."""

import re
from typing import Any

import pytest
from django.utils import timezone

from tests.runs.rows import host_run, listed
from updates.engine.pull import PullSnapshot
from updates.flow import holds
from updates.flow.check import Verdict
from updates.flow.plan import Action, ActionKind, Plan
from updates.flow.session import CheckStatus, Interrupted, Result, State, Step
from updates.models import Container, ContainerResult, Hold, Host, HostRun, RunEvent
from updates.models.run import RunState
from updates.registry.reference import Reference
from updates.runs.recorder import RowRecorder

WEB = listed("web", "it")
STALE = Verdict(
    CheckStatus.UPDATE_AVAILABLE, Reference.parse(WEB.image), "", "sha256:1", "sha256:2"
)


class Watch:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def recorder(host: Host, watch: Watch) -> RowRecorder:
    """Of a run that has planned to update one container."""
    recorder = RowRecorder(host_run(host), monotonic=watch)
    recorder.inventory([WEB], [])
    recorder.checked({"it": STALE})
    recorder.planned(Plan((Action(WEB, ActionKind.UPDATE, "Newer."),)))
    return recorder


def test_what_is_planned_is_there_before_it_is_done(recorder: RowRecorder) -> None:
    row = ContainerResult.objects.get()

    assert (row.name, row.state, row.step, row.reason) == ("web", "", "", "Newer.")
    assert (row.old_digest, row.new_digest) == ("sha256:1", "sha256:2")


def test_progress_is_written_twice_a_second_at_most(
    recorder: RowRecorder, watch: Watch, django_assert_num_queries: object
) -> None:
    def lines(count: int) -> None:
        for number in range(count):
            watch.now += 1.0 / count
            recorder.progress("it", PullSnapshot(number, 1000))

    with django_assert_num_queries(2) as queries:  # type: ignore[operator]
        lines(100)

    assert all(query["sql"].startswith("UPDATE") for query in queries)


def test_the_last_word_of_a_pull_is_always_written(recorder: RowRecorder, watch: Watch) -> None:
    recorder.progress("it", PullSnapshot(1, 1000))
    recorder.progress("it", PullSnapshot(1000, 1000, 4, 5))

    row = ContainerResult.objects.get()
    assert (row.pull_percent, row.pulled_layers, row.total_layers) == (100, 4, 5)


def test_a_step_is_on_the_row_and_in_the_story(recorder: RowRecorder) -> None:
    recorder.step("it", Step.CREATE, "Creating it")

    assert ContainerResult.objects.get().step == "create"
    event = RunEvent.objects.last()
    assert event
    assert (event.container, event.step, event.message) == ("web", "create", "Creating it")


def test_the_end_of_a_gate_is_on_the_row_until_the_next_step(recorder: RowRecorder) -> None:
    before = timezone.now()
    recorder.step("it", Step.GATE, "Watching it", 30.0)
    until = ContainerResult.objects.get().gate_until
    assert until is not None
    assert 30 <= (until - before).total_seconds() < 40
    recorder.step("it", Step.RELEASE, "Removing the old one")
    assert ContainerResult.objects.get().gate_until is None


def test_the_plan_is_on_the_rows(recorder: RowRecorder) -> None:
    db, api = listed("db", "d"), listed("api", "a")
    first = Action(db, ActionKind.UPDATE, "Newer.", unit=3)
    second = Action(api, ActionKind.UPDATE, "Newer.", unit=3, waits_for=frozenset({"d"}))
    recorder.planned(Plan((first, second)))
    facts = ("name", "place", "wave", "waits_for", "shares_with")
    rows = ContainerResult.objects.exclude(name="web").order_by("place").values_list(*facts)
    assert list(rows) == [("db", 1, 1, "", "api"), ("api", 2, 2, "db", "db")]


def test_a_result_closes_the_planned_row_and_settles_the_inventory(recorder: RowRecorder) -> None:
    recorder.result(
        Result("it", "web", WEB.image, State.UPDATED, new_id="new", new_digest="sha256:2")
    )

    row = ContainerResult.objects.get()
    assert (row.state, row.step, row.new_id) == ("updated", "done", "new")
    container = Container.objects.get()
    assert container.status == Container.Status.UP_TO_DATE
    assert container.local_digest == container.remote_digest == "sha256:2"
    assert container.updated_at is not None


def test_a_roll_back_leaves_the_update_available(recorder: RowRecorder) -> None:
    recorder.result(Result("it", "web", WEB.image, State.ROLLED_BACK, "It did not pass."))

    container = Container.objects.get()
    assert container.status == Container.Status.UPDATE_AVAILABLE
    assert container.updated_at is None


def test_a_run_that_was_ended_may_not_go_on(recorder: RowRecorder) -> None:
    recorder.may_go_on()
    HostRun.objects.end(recorder.host_run.pk, RunState.INTERRUPTED)

    with pytest.raises(Interrupted):
        recorder.may_go_on()


def failed(**facts: Any) -> Result:
    """A result of an update whose new container did not work."""
    known: dict[str, Any] = {
        "new_digest": "sha256:2",
        "new_image_id": "sha256:bad",
        "new_version": "2",
    }
    known |= {"reason": "It stopped.", **facts}
    return Result("it", "web", WEB.image, State.ROLLED_BACK, **known, blames_image=True)


def test_an_image_that_failed_is_blocked_for_its_container(recorder: RowRecorder) -> None:
    recorder.result(failed(log="the end"))

    row = Hold.objects.get()
    assert (row.host, row.container) == (recorder.host_run.host, "web")
    assert (row.digest, row.image_id, row.version) == ("sha256:2", "sha256:bad", "2")
    assert re.fullmatch(r"It was rolled back on 2\d{3}-.* UTC: It stopped\.", row.reason)
    assert recorder.holds() == {"web": [holds.Hold("sha256:2", row.reason, "sha256:bad")]}
    assert ContainerResult.objects.get().log == "the end"


def test_one_that_fails_twice_is_one_block(recorder: RowRecorder) -> None:
    recorder.result(failed())
    recorder.result(failed(reason="It is ill."))

    assert Hold.objects.get().reason.endswith("It is ill.")


def test_an_image_without_a_digest_is_blocked_by_its_id_and_none_without_either(
    recorder: RowRecorder,
) -> None:
    recorder.result(failed(new_digest=""))
    recorder.result(failed(new_digest="", new_image_id=""))

    assert Hold.objects.get().digest == "sha256:bad"


def test_a_result_that_blames_nobody_blocks_nothing(recorder: RowRecorder) -> None:
    recorder.result(Result("it", "web", WEB.image, State.ROLLED_BACK, new_digest="sha256:2"))

    assert not Hold.objects.exists()


def test_a_hold_is_one_row_and_is_taken_away_by_itself(recorder: RowRecorder) -> None:
    recorder.result(failed())
    recorder.hold("web", "It went back.")
    recorder.hold("web", "It went back again.")
    assert Hold.objects.for_all().get().reason == "It went back again."

    recorder.release("web")
    assert Hold.objects.get().digest == "sha256:2"
    recorder.release("web", "sha256:2")
    assert recorder.holds() == {}


def test_holds_of_another_host_are_none_of_its_business(recorder: RowRecorder) -> None:
    other = Host.objects.create(name="attic", url="unix:///x.sock")
    Hold.objects.create(host=other, container="web", reason="It went back.")

    recorder.release("web")
    assert recorder.holds() == {}
    assert Hold.objects.exists()
