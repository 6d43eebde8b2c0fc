"""The rules of a run on one host."""

from tests.flow.rules import rules
from tests.flow.summaries import container
from updates.flow.filters import is_named, why_left_out
from updates.flow.policy import Policies
from updates.flow.rules import Rules
from updates.flow.session import Params


def test_a_name_with_a_host_is_meant_for_that_host_alone() -> None:
    assert rules("nas/web", "db", host="nas").names == ("web", "db")
    assert rules("nas/web", "db", host="pi").names == ("db",)


def test_a_disabled_container_with_a_host_is_disabled_there_alone() -> None:
    disabled = ("nas/web", "db")
    assert rules(host="nas", disable_containers=disabled).host.disable_containers == ("web", "db")
    assert rules(host="pi", disable_containers=disabled).host.disable_containers == ("db",)


def test_a_regular_expression_names_no_host() -> None:
    assert rules("/?web", host="pi", regex=True).names == ("/?web",)


def test_a_host_that_nobody_named_gets_no_container_and_not_all_of_them() -> None:
    assert rules("nas/web", host="pi").names == ("",)


def test_what_a_run_says_wins_over_what_was_set_for_a_container() -> None:
    policies = Policies(containers={"web": {"cleanup": False}})
    assert rules(policies=policies, cleanup=True).of(container("web")).cleanup


def test_exact_names_are_names_where_regular_expressions_count_otherwise() -> None:
    """What the setting says of containers that are left out goes on counting."""
    values = {"regex": True, "disable_containers": ("d.",)}
    params = Params(names=("pi/web",), are_exact=True)
    found = Rules.of_run(params, Policies(everywhere=values), "pi")
    assert found.names == ("web",)
    assert is_named(container("web"), found)
    assert not is_named(container("webs"), found)
    assert found.host.disable_containers == ("d.",)
    assert "disabled" in why_left_out(container("db"), found)
