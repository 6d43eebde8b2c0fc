"""A run's parameters travel as JSON, and to one host."""

from dataclasses import fields
from typing import Any

from updates.flow.session import Kind, Params

CHANGED: dict[str, Any] = {
    "kind": Kind.UPDATE,
    "names": ("web", "db"),
    "label_enable": True,
    "include_stopped": True,
    "include_restarting": True,
    "regex": True,
    "disable_containers": ("cache",),
    "monitor_image_names": ("shop/web",),
    "skip_image_names": ("shop/db",),
    "enable_containers_by_label": ("team=shop",),
    "disable_containers_by_label": ("test",),
    "scope": "none",
    "monitor_only": True,
    "no_pull": True,
    "cleanup": True,
    "stop_timeout": 33,
    "gate_seconds": 44,
}


def test_every_parameter_comes_back_from_json() -> None:
    assert set(CHANGED) <= {field.name for field in fields(Params)}
    params = Params(**CHANGED)
    assert Params.from_json(params.to_json()) == params


def test_unknown_parameters_are_left_out_and_missing_ones_are_default() -> None:
    assert Params.from_json({"names": ["web"], "of_tomorrow": 1}) == Params(names=("web",))


def test_a_name_with_a_host_is_meant_for_that_host_alone() -> None:
    params = Params(names=("nas/web", "db"))
    assert params.on_host("nas").names == ("web", "db")
    assert params.on_host("pi").names == ("db",)


def test_a_disabled_container_with_a_host_is_disabled_there_alone() -> None:
    params = Params(disable_containers=("nas/web", "db"))
    assert params.on_host("nas").disable_containers == ("web", "db")
    assert params.on_host("pi").disable_containers == ("db",)


def test_a_regular_expression_names_no_host() -> None:
    params = Params(names=("/?web",), regex=True)
    assert params.on_host("pi") == params


def test_a_host_that_nobody_named_gets_no_container_and_not_all_of_them() -> None:
    assert Params(names=("nas/web",)).on_host("pi").names == ("",)
