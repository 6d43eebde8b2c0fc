"""Watchtower's labels are honoured unchanged; ours win over them."""

import pytest

from updates.flow import labels
from updates.flow.labels import WATCHTOWER, WATCHWEB


@pytest.mark.parametrize("value", ["1", "t", "T", "true", "TRUE", "True", " true "])
def test_what_go_reads_as_true_is_true(value: str) -> None:
    assert labels.boolean({WATCHTOWER + "enable": value}, "enable") is True


@pytest.mark.parametrize("value", ["0", "f", "F", "false", "FALSE", "False"])
def test_what_go_reads_as_false_is_false(value: str) -> None:
    assert labels.boolean({WATCHTOWER + "enable": value}, "enable") is False


@pytest.mark.parametrize("value", ["", "yes", "on", "tRUE", "2"])
def test_anything_else_is_neither(value: str) -> None:
    assert labels.boolean({WATCHTOWER + "enable": value}, "enable") is None


def test_a_missing_label_is_neither() -> None:
    assert labels.boolean({}, "enable") is None


def test_our_own_label_wins_over_watchtowers() -> None:
    both = {WATCHWEB + "enable": "false", WATCHTOWER + "enable": "true"}
    assert labels.boolean(both, "enable") is False


def test_depends_on_takes_names_with_slashes_spaces_and_empty_places() -> None:
    assert labels.depends_on({WATCHTOWER + "depends-on": "/db, cache,,"}) == ("db", "cache")
    assert labels.depends_on({}) == ()


def test_compose_dependencies_are_service_names_with_their_restart_flag() -> None:
    text = "db:service_healthy:true, cache:service_started:false,plain"
    found = labels.compose_depends_on({labels.COMPOSE_DEPENDS_ON: text})
    assert found == {"db": True, "cache": False, "plain": False}


def test_a_stack_is_the_compose_project() -> None:
    assert labels.stack({labels.COMPOSE_PROJECT: "shop"}) == "shop"
    assert labels.stack({}) == ""
