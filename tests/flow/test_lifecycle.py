"""Commands around an update: when they run, as whom, and what their end means."""

import json
from typing import Any

import pytest

from tests.flow.bench import Bench
from tests.flow.summaries import label
from updates.engine.container import ExecResult
from updates.engine.errors import ExecTimedOut
from updates.flow.lifecycle import MAX_OUTPUT, hook, shortened
from updates.flow.policy import Policies
from updates.flow.session import Cancelled, Step
from updates.flow.settings import Settings

ALL = {
    "lifecycle_pre_check": "pre-check",
    "lifecycle_pre_update": "pre-update",
    "lifecycle_post_update": "post-update",
    "lifecycle_post_check": "post-check",
}


def hooked(bench: Bench, **settings: object) -> None:
    """ "web" is stale and has all four commands."""
    bench.stale("web", config={"Env": ["DB_PASSWORD=hunter2", "MODE=fast"]})
    bench.policies = Policies(containers={"web": ALL | {"enable_lifecycle_hooks": True} | settings})


def commands(bench: Bench) -> list[str]:
    """The commands that ran, among the effects that they stand between."""
    names = ("exec", "create", "stop", "start", "remove")
    effects = [call for call in bench.engine.calls if call.name in names]
    return [call.how["command"][-1] if call.name == "exec" else call.name for call in effects]


def messages(bench: Bench, step: Step) -> str:
    return "\n".join(message for _, told, message in bench.recorder.steps if told is step)


def test_each_command_runs_at_its_place(bench: Bench) -> None:
    hooked(bench)
    bench.update()
    assert commands(bench) == [
        *("pre-check", "pre-update", "create", "stop", "start", "post-update"),
        *("remove", "post-check"),
    ]
    assert bench.states() == {"web": "updated"}


def test_a_run_that_is_cancelled_has_its_post_check_commands_and_a_last_look(bench: Bench) -> None:
    """A post-check may start what a pre-check stopped; pages show what was done."""
    hooked(bench)
    bench.stale("yet-another")
    bench.recorder.goes_on, bench.recorder.is_cancelled = 3, True  # two pulls and web
    with pytest.raises(Cancelled):
        bench.update()
    assert bench.states() == {"web": "updated"}
    assert commands(bench)[-1] == "post-check"
    assert len(bench.recorder.lists) == 2


def test_commands_run_only_where_they_are_enabled(bench: Bench) -> None:
    hooked(bench, enable_lifecycle_hooks=False)
    bench.update()
    assert "pre-update" not in commands(bench)


def test_a_label_alone_enables_no_command(bench: Bench) -> None:
    """An image may carry labels: its author is not to decide that commands run."""
    labels = label("enable-lifecycle-hooks", "true") | label("lifecycle.pre-update", "x")
    bench.stale("web", config={"Labels": labels})
    bench.update()
    assert commands(bench) == ["create", "stop", "start", "remove"]


def test_a_scan_runs_no_command(bench: Bench) -> None:
    hooked(bench)
    bench.scan()
    assert commands(bench) == []


def test_what_is_fresh_is_checked_around_but_not_updated_around(bench: Bench) -> None:
    bench.fresh("web")
    bench.policies = Policies(containers={"web": ALL | {"enable_lifecycle_hooks": True}})
    bench.update()
    assert commands(bench) == ["pre-check", "post-check"]


def test_exit_code_75_skips_the_update_and_touches_nothing(bench: Bench) -> None:
    hooked(bench)
    bench.engine.ends["pre-update"] = ExecResult(75, "not now")
    result = bench.update()["web"]
    assert result.state == "skipped"
    assert "exit code 75" in result.reason
    assert not {"create", "stop"} & set(commands(bench))
    assert bench.journal.last.outcome == "skipped"


def test_any_other_failure_before_the_update_fails_it_and_touches_nothing(bench: Bench) -> None:
    hooked(bench)
    bench.engine.ends["pre-update"] = ExecResult(1, "")
    result = bench.update()["web"]
    assert (result.state, result.reason) == ("failed", "Its pre-update command failed with code 1.")
    assert not {"create", "stop"} & set(commands(bench))


def test_one_that_does_not_end_fails_it_too(bench: Bench) -> None:
    hooked(bench)
    late = ExecTimedOut("The command did not end within 60 s.")
    bench.engine.fail_on["exec", 2] = late
    assert bench.update()["web"].state == "failed"
    assert "did not end within 60 s" in messages(bench, Step.PRE_UPDATE)


def test_a_failure_of_a_check_command_holds_nothing_up(bench: Bench) -> None:
    hooked(bench)
    bench.engine.ends |= dict.fromkeys(("pre-check", "post-check"), ExecResult(1, "no"))
    assert bench.update()["web"].state == "updated"
    assert "ended with code 1.\nno" in messages(bench, Step.PRE_CHECK)


@pytest.mark.parametrize(("rolls_back", "state"), [(False, "updated"), (True, "rolled_back")])
def test_a_failure_after_the_update_rolls_back_only_where_that_is_set(
    bench: Bench, rolls_back: bool, state: str
) -> None:
    hooked(bench, post_update_rolls_back=rolls_back)
    bench.engine.ends["post-update"] = ExecResult(3, "broken")
    assert bench.update()["web"].state == state
    assert "ended with code 3.\nbroken" in messages(bench, Step.POST_UPDATE)
    assert bench.engine.named("web").is_running


def test_output_is_kept_without_the_containers_secrets(bench: Bench) -> None:
    hooked(bench)
    said = "login root:hunter2 at https://me:s3cret@db/ in mode fast"
    bench.engine.ends["pre-update"] = ExecResult(0, said)
    bench.update()
    told = messages(bench, Step.PRE_UPDATE)
    assert "hunter2" not in told
    assert "s3cret" not in told
    assert "in mode fast" in told


def test_a_command_is_told_of_its_container_and_runs_as_its_user(bench: Bench) -> None:
    hooked(bench, lifecycle_uid=1000, lifecycle_gid=50)
    bench.update()
    call = next(call for call in bench.engine.calls if call.name == "exec")
    assert call.how["user"] == "1000:50"
    told = json.loads(call.how["environment"]["WT_CONTAINER"])
    assert (told["name"], told["image_name"]) == ("web", "shop/web:1")


@pytest.mark.parametrize(
    ("given", "timeout_s"),
    [
        ({}, 60),
        ({"lifecycle_pre_update_timeout": 5}, 300),
        ({"lifecycle_pre_update_timeout": 0}, None),
    ],
)
def test_time_outs_are_in_minutes_and_0_is_for_ever(
    given: dict[str, Any], timeout_s: float | None
) -> None:
    known = Settings(enable_lifecycle_hooks=True, lifecycle_pre_update="x", **given)
    found = hook(Step.PRE_UPDATE, known)
    assert found is not None
    assert found.timeout_s == timeout_s


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("echo a b", ["sh", "-c", "echo a b"]),
        ('["/bin/dump", "--all"]', ["/bin/dump", "--all"]),
        ("[ -f /x ]", ["sh", "-c", "[ -f /x ]"]),
        ("[]", ["sh", "-c", "[]"]),
    ],
)
def test_a_command_runs_in_a_shell_unless_it_is_a_json_list(command: str, words: list[str]) -> None:
    known = Settings(enable_lifecycle_hooks=True, lifecycle_pre_check=command)
    found = hook(Step.PRE_CHECK, known)
    assert found is not None
    assert found.words() == words


def test_long_output_keeps_its_beginning_and_its_end() -> None:
    cut = shortened("a" * MAX_OUTPUT + "z")
    assert len(cut) < MAX_OUTPUT + 20
    assert (cut[0], cut[-1]) == ("a", "z")
