"""Every setting changes what a run does, from every level at which it may be set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.fakes.daemon import FakeImage
from tests.flow.bench import Bench
from tests.flow.summaries import label
from updates.engine.container import ExecResult
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.policy import Policies
from updates.flow.setting import Level
from updates.flow.settings import catalogue

DAY = 86_400
HOOKS = label("lifecycle.pre-update", "before") | label("lifecycle.post-update", "after")
Json = dict[str, Any]


def stale(bench: Bench, **how: Any) -> None:
    bench.stale("web", **how)


def labelled(**labels: str) -> Callable[[Bench], None]:
    """ "web" is stale and has these labels."""
    return with_labels(dict(labels))


def with_labels(labels: Json) -> Callable[[Bench], None]:
    return lambda bench: stale(bench, config={"Labels": labels})


def in_state(state: str) -> Callable[[Bench], None]:
    return lambda bench: stale(bench, state=state)


def stack(bench: Bench) -> None:
    """api follows web."""
    stale(bench)
    bench.stale("api", config={"Labels": label("depends-on", "web")})


def composed(bench: Bench) -> None:
    """web follows db, by compose alone; it was listed first."""
    shop = {COMPOSE_PROJECT: "shop"}
    needs = {COMPOSE_SERVICE: "web", COMPOSE_DEPENDS_ON: "db:service_started:false"}
    stale(bench, config={"Labels": shop | needs})
    bench.stale("db", config={"Labels": shop | {COMPOSE_SERVICE: "db"}})


def label_probe(bench: Bench) -> None:
    """A probe that nobody answers."""
    with_labels({"watchweb.gate-probe": "tcp://127.0.0.1:9"})(bench)


def ends_well(bench: Bench) -> None:
    stale(bench, new=FakeImage("job", exit_code=0))


def first_fails(bench: Bench) -> None:
    """api, which comes first by its name, fails its gate."""
    bench.stale("api", new=FakeImage("bad", exit_code=1))
    stale(bench)


def after_fails(bench: Bench) -> None:
    bench.engine.ends["after"] = ExecResult(1, "")
    with_labels(HOOKS)(bench)


@dataclass(frozen=True, slots=True)
class Case:
    """A value that makes a difference, where it does; `host`: what else is set there."""

    value: Any
    arrange: Callable[[Bench], None] = stale
    host: Json = field(default_factory=dict)


ON = {"enable_lifecycle_hooks": True}
CASES: dict[str, Case] = {
    "enable": Case(False),
    "label_enable": Case(True),
    "include_stopped": Case(True, in_state("exited")),
    "include_restarting": Case(True, in_state("restarting")),
    "scope": Case("other"),
    "regex": Case(True, host={"disable_containers": ["w.b"]}),
    "disable_containers": Case(["web"]),
    "monitor_image_names": Case(["shop/db"]),
    "skip_image_names": Case(["shop/web"]),
    "enable_containers_by_label": Case(["team=shop"]),
    "disable_containers_by_label": Case(["team"], labelled(team="shop")),
    "monitor_only": Case(True),
    "no_pull": Case(True),
    "no_restart": Case(True),
    "revive_stopped": Case(True, in_state("exited"), host={"include_stopped": True}),
    "cooldown_delay": Case(DAY),
    "stop_timeout": Case(77),
    "stop_signal": Case("SIGHUP"),
    "gate_seconds": Case(77),
    "gate_probe": Case("tcp://127.0.0.1:9"),
    "gate_timeout": Case(7, label_probe),
    "gate_passes_exit": Case(True, ends_well),
    "label_take_precedence": Case(
        True, with_labels(label("monitor-only", "false")), host={"monitor_only": True}
    ),
    "rolling_restart": Case(True, stack),
    "rolling_stops": Case(False, first_fails, host={"rolling_restart": True}),
    "use_compose_depends_on": Case(False, composed),
    "enable_lifecycle_hooks": Case(True, with_labels(HOOKS)),
    "lifecycle_pre_check": Case("echo", host=ON),
    "lifecycle_pre_update": Case("echo", host=ON),
    "lifecycle_post_update": Case("echo", host=ON),
    "lifecycle_post_check": Case("echo", host=ON),
    "lifecycle_pre_update_timeout": Case(7, with_labels(HOOKS), host=ON),
    "lifecycle_post_update_timeout": Case(7, with_labels(HOOKS), host=ON),
    "lifecycle_uid": Case(7, with_labels(HOOKS), host=ON),
    "lifecycle_gid": Case(7, with_labels(HOOKS), host=ON),
    "post_update_rolls_back": Case(True, after_fails, host=ON),
    "cleanup": Case(True),
    "rollback_window": Case(DAY, host={"cleanup": True}),
    "rollback_versions": Case(1, host={"cleanup": True}),
    "remove_volumes": Case(True),
}


def levels_of(name: str) -> list[Level]:
    about = catalogue()[name]
    wide = [Level.ENVIRONMENT, Level.RUN] if about.is_for_host else []
    return [*about.levels(), *wide, *([Level.LABEL] if about.label else [])]


WAYS = [(name, level) for name in CASES for level in levels_of(name)]


def outcome(case: Case, level: Level | None, name: str) -> Json:
    """All that can be seen of a run in which the setting has its value at this level."""
    bench = Bench()
    case.arrange(bench)
    policies = Policies(host=case.host)
    switches: Json = {}
    value = {name: case.value}
    if level is Level.LABEL:
        about = catalogue()[name]
        text = about.kind.show(about.kind.read(case.value))
        bench.engine.named("web").config["Labels"][f"watchweb.{about.label}"] = text
    elif level is Level.RUN:
        switches = value
    elif level is not None:
        policies = placed(policies, level, value)
    bench.policies = policies
    bench.update(**switches)
    return {
        "states": bench.states(),
        "calls": [(call.name, told(call.how)) for call in bench.engine.calls],
        "seconds": {name: result.seconds for name, result in bench.recorder.told.items()},
        "left": sorted(bench.engine.names()),
    }


def told(how: Mapping[str, Any]) -> Json:
    """Without what a command is told of its container, labels among it."""
    return {name: value for name, value in how.items() if name != "environment"}


def placed(policies: Policies, level: Level, value: Json) -> Policies:
    if level is Level.ENVIRONMENT:
        return replace(policies, environment=value)
    if level is Level.GLOBAL:
        return replace(policies, everywhere=value)
    if level is Level.HOST:
        return replace(policies, host={**policies.host, **value})
    return replace(policies, containers={"web": value})


def test_no_setting_is_without_its_case() -> None:
    assert set(CASES) == set(catalogue())


@pytest.mark.parametrize(("name", "level"), WAYS)
def test_a_setting_changes_something_from_every_level(name: str, level: Level) -> None:
    case = CASES[name]
    assert outcome(case, level, name) != outcome(case, None, name)


@pytest.mark.parametrize("name", [name for name in CASES if len(levels_of(name)) > 1])
def test_it_is_the_same_from_whatever_level(name: str) -> None:
    """What a run does depends on the value, not on where it was set."""
    outcomes = [outcome(CASES[name], level, name) for level in levels_of(name)]
    assert all(one == outcomes[0] for one in outcomes)
