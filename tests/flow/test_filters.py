"""Which containers take part."""

from typing import Any

import pytest

from tests.flow.rules import rules
from tests.flow.summaries import container, label
from updates.flow.filters import is_named, why_excluded, why_left_out
from updates.flow.policy import Policies
from updates.flow.rules import Rules
from updates.flow.session import Params


def test_a_container_without_labels_takes_part() -> None:
    assert why_excluded(container(), rules(), own_ids=()) == ""


def test_enable_false_keeps_a_container_out_of_every_run() -> None:
    off = container(labels=label("enable", "false"))
    assert "enable label is false" in why_excluded(off, rules(), own_ids=())
    assert "enable label is false" in why_excluded(off, rules(label_enable=True), own_ids=())


@pytest.mark.parametrize(
    ("labels", "takes_part"),
    [({}, False), (label("enable", "true"), True), (label("enable", "maybe"), False)],
)
def test_label_enable_wants_the_label(labels: dict[str, str], takes_part: bool) -> None:
    why = why_excluded(container(labels=labels), rules(label_enable=True), own_ids=())
    assert (why == "") is takes_part


def test_the_container_that_watchweb_runs_in_is_excluded_whatever_its_labels_say() -> None:
    own = container(labels=label("enable", "true"))
    assert (
        why_excluded(own, rules(label_enable=True), own_ids={own.id})
        == "Watchweb itself runs in it."
    )


EXCLUSIONS = [
    ({"disable_containers": ("we*",)}, "disabled containers"),
    ({"disable_containers": ("/web",)}, "disabled containers"),
    ({"disable_containers": ("w.b",), "regex": True}, "disabled containers"),
    ({"monitor_image_names": ("shop/api",)}, "not among those that take part"),
    ({"skip_image_names": ("shop/web",)}, "among those to skip"),
    ({"enable_containers_by_label": ("team=a",)}, "none of the labels"),
    ({"disable_containers_by_label": ("team",)}, "among the disabled ones"),
    ({"scope": "other"}, "of the scope 'other'"),
]


@pytest.mark.parametrize(("switches", "why"), EXCLUSIONS)
def test_every_exclusion_has_its_sentence(switches: dict[str, Any], why: str) -> None:
    web = container("web", image="shop/web:1", labels={"team": "shop"})
    assert why in why_left_out(web, rules(**switches))
    assert why_excluded(web, rules(**switches), own_ids=()) == "", "not of every run"


@pytest.mark.parametrize(
    "switches",
    [
        {"disable_containers": ("db", "my-web")},
        {"disable_containers": ("w.b",)},
        {"monitor_image_names": ("shop/web",)},
        {"skip_image_names": ("shop/web:2",)},
        {"enable_containers_by_label": ("team=a", "team=shop")},
        {"disable_containers_by_label": ("team=a",)},
        {"scope": "none"},
    ],
)
def test_a_filter_that_does_not_fit_changes_nothing(switches: dict[str, Any]) -> None:
    web = container("web", image="shop/web:1", labels={"team": "shop"})
    assert why_left_out(web, rules(**switches)) == ""


def test_no_names_mean_every_container() -> None:
    assert is_named(container("web"), rules())


def test_a_leading_slash_in_a_name_is_ignored() -> None:
    assert is_named(container("web"), rules("/web"))
    assert not is_named(container("web"), rules("/db"))


@pytest.mark.parametrize(
    ("narrowed", "fits"),
    [
        ({"patterns": ("w.b",)}, True),
        ({"patterns": ("we",)}, False),
        ({"patterns": ("db", "^web$")}, True),
        ({"images": ("shop/web",)}, True),
        ({"images": ("shop/web:2",)}, False),
        ({"patterns": ("web",), "images": ("shop/api",)}, False),
        ({"names": ("db",), "patterns": ("web",)}, False),
    ],
)
def test_a_run_may_be_narrowed_to_patterns_and_images(narrowed: dict[str, Any], fits: bool) -> None:
    rules = Rules.of_run(Params(**narrowed), Policies())
    assert is_named(container("web", image="shop/web:1"), rules) is fits


def test_patterns_of_a_run_leave_the_hosts_own_names_plain() -> None:
    own = Policies(host={"disable_containers": ["we*"]})
    rules = Rules.of_run(Params(patterns=("w.b",)), own)
    assert "disabled containers" in why_left_out(container("web"), rules)
