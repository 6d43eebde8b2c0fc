"""What is set by the environment, and what reaches a run."""

import pytest

from updates.flow.setting import Level
from updates.models import Host, Policy
from updates.runs.policies import complaints, from_environment, policies_of


@pytest.mark.parametrize(
    ("variable", "text", "name", "value"),
    [
        ("WATCHWEB_GATE_SECONDS", "7", "gate_seconds", 7),
        ("WATCHTOWER_CLEANUP", "true", "cleanup", True),
        ("WATCHTOWER_TIMEOUT", "30s", "stop_timeout", 30),
        ("WATCHTOWER_LIFECYCLE_HOOKS", "true", "enable_lifecycle_hooks", True),
        ("WATCHTOWER_DISABLE_CONTAINERS", "a,b", "disable_containers", ("a", "b")),
        ("WATCHTOWER_COOLDOWN_DELAY", "2d", "cooldown_delay", 172_800),
    ],
)
def test_watchtowers_variables_count_as_they_are(
    variable: str, text: str, name: str, value: object
) -> None:
    assert from_environment({variable: text}) == {name: value}


def test_watchwebs_own_variable_wins() -> None:
    both = {"WATCHWEB_CLEANUP": "no", "WATCHTOWER_CLEANUP": "yes"}
    assert from_environment(both) == {"cleanup": False}


def test_one_that_cannot_be_read_does_not_count_and_is_told() -> None:
    wrong = {"WATCHTOWER_TIMEOUT": "soon", "WATCHWEB_CLEANUP": ""}
    assert from_environment(wrong) == {}
    (sentence,) = complaints(wrong)
    assert sentence.startswith("WATCHTOWER_TIMEOUT takes a duration")


@pytest.mark.django_db
def test_a_run_goes_by_the_rows_and_the_environment(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHWEB_STOP_TIMEOUT", "33")
    Policy(host=host, values={"cleanup": True}).save()
    known = policies_of(host).for_container("web", {})
    assert (known.settings.stop_timeout, known.origins["stop_timeout"]) == (33, Level.ENVIRONMENT)
    assert (known.settings.cleanup, known.origins["cleanup"]) == (True, Level.HOST)
