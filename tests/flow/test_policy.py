"""Which value counts: the nearest level, and Watchtower's two either-or settings."""

from dataclasses import replace
from typing import Any

import pytest

from tests.flow.summaries import label
from updates.flow.policy import Policies, checked
from updates.flow.setting import Level
from updates.flow.settings import Settings, catalogue, default_of
from updates.flow.values import BadValue

LEVELS = [
    ("environment", Level.ENVIRONMENT),
    ("everywhere", Level.GLOBAL),
    ("host", Level.HOST),
    ("containers", Level.CONTAINER),
    ("run", Level.RUN),
]


def with_value(policies: Policies, place: str, name: str, value: Any) -> Policies:
    values = {name: value}
    changed: dict[str, Any] = {place: {"web": values} if place == "containers" else values}
    return replace(policies, **changed)


def test_a_nearer_level_wins_and_is_named() -> None:
    policies = Policies()
    assert policies.for_container("web", {}).origins["stop_timeout"] is Level.DEFAULT
    for seconds, (place, level) in enumerate(LEVELS, start=20):
        policies = with_value(policies, place, "stop_timeout", seconds)
        known = policies.for_container("web", {})
        assert (known.settings.stop_timeout, known.origins["stop_timeout"]) == (seconds, level)
    known = policies.for_container("web", label("stop-timeout", "99"))
    assert (known.settings.stop_timeout, known.origins["stop_timeout"]) == (99, Level.LABEL)


def test_a_policy_is_of_one_container_alone() -> None:
    policies = Policies(containers={"web": {"cleanup": True}})
    assert policies.for_container("web", {}).settings.cleanup
    assert not policies.for_container("my-web", {}).settings.cleanup


EITHER = [
    # (level below, label, precedence, value, origin)
    (False, "true", False, True, Level.LABEL),
    (True, "false", False, True, Level.HOST),
    (True, "true", False, True, Level.HOST),
    (True, "false", True, False, Level.LABEL),
    (True, "", True, True, Level.HOST),
    (True, "maybe", True, True, Level.HOST),
]


@pytest.mark.parametrize("name", ["monitor_only", "no_pull"])
@pytest.mark.parametrize(("set_for_host", "said", "precedence", "value", "origin"), EITHER)
def test_monitor_only_and_no_pull_are_either_or_unless_labels_take_precedence(
    name: str, set_for_host: bool, said: str, precedence: bool, value: bool, origin: Level
) -> None:
    host = {name: set_for_host, "label_take_precedence": precedence}
    labels = label(name.replace("_", "-"), said) if said else {}
    known = Policies(host=host).for_container("web", labels)
    assert (getattr(known.settings, name), known.origins[name]) == (value, origin)


def test_a_label_of_watchwebs_wins_over_watchtowers_of_the_same_ending() -> None:
    labels = label("cooldown-delay", "1d") | {"watchweb.cooldown-delay": "2d"}
    assert Policies().for_container("web", labels).settings.cooldown_delay == 2 * 86_400


@pytest.mark.parametrize("text", ["", "soon", "-1"])
def test_a_label_that_says_nothing_leaves_what_is_set_elsewhere(text: str) -> None:
    policies = Policies(host={"cooldown_delay": 60})
    known = policies.for_container("web", label("cooldown-delay", text))
    assert (known.settings.cooldown_delay, known.origins["cooldown_delay"]) == (60, Level.HOST)
    assert bool(known.complaints) is bool(text)


def test_values_are_read_and_kept_as_plain_json() -> None:
    given = {"cooldown_delay": "1d", "disable_containers": "a, b", "cleanup": "yes"}
    kept = {"cooldown_delay": 86_400, "disable_containers": ["a", "b"], "cleanup": True}
    assert checked(given, Level.HOST) == kept
    assert checked(kept, Level.HOST) == kept


@pytest.mark.parametrize(
    ("values", "level", "why"),
    [
        ({"cleanup": "perhaps"}, Level.GLOBAL, "cleanup takes yes or no."),
        ({"of_tomorrow": 1}, Level.GLOBAL, "There is no setting 'of_tomorrow'"),
        ({"scope": "x"}, Level.CONTAINER, "There is no setting 'scope'"),
        ({"lifecycle_pre_update": "x"}, Level.GLOBAL, "There is no setting 'lifecycle_pre_update'"),
    ],
)
def test_what_does_not_fit_is_refused(values: dict[str, Any], level: Level, why: str) -> None:
    with pytest.raises(BadValue) as caught:
        checked(values, level)
    assert why in str(caught.value)


def test_every_default_can_be_typed_again() -> None:
    for name, about in catalogue().items():
        default = default_of(name)
        if default not in (None, ""):
            assert about.kind.read(about.kind.show(default)) == default


def test_every_setting_is_explained() -> None:
    explained = Policies().for_container("web", {}).explained()
    assert set(explained) == set(Settings.__dataclass_fields__)
    assert explained["stop_timeout"] == {"value": 10, "from": "default"}
    assert explained["disable_containers"]["value"] == []
