"""A run's parameters travel as JSON."""

from updates.flow.session import Kind, Params


def test_every_parameter_comes_back_from_json() -> None:
    switches = {"scope": "none", "disable_containers": ("cache", "db"), "stop_timeout": 33}
    params = Params(
        Kind.UPDATE, ("web", "db"), switches, 300, patterns=("w.*",), images=("shop/web",)
    )
    assert Params.from_json(params.to_json()) == params


def test_unknown_parameters_are_left_out_and_missing_ones_are_default() -> None:
    assert Params.from_json({"names": ["web"], "of_tomorrow": 1}) == Params(names=("web",))
