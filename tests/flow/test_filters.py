"""Which containers take part."""

import pytest

from tests.flow.summaries import container, label
from updates.flow.filters import is_named, matches, why_excluded
from updates.flow.session import Params

ALL = Params()
LABELLED_ONLY = Params(label_enable=True)


def test_a_container_without_labels_takes_part() -> None:
    assert why_excluded(container(), ALL, own_ids=()) == ""


def test_enable_false_keeps_a_container_out_of_every_run() -> None:
    off = container(labels=label("enable", "false"))
    assert "enable label is false" in why_excluded(off, ALL, own_ids=())
    assert "enable label is false" in why_excluded(off, LABELLED_ONLY, own_ids=())


@pytest.mark.parametrize(
    ("labels", "takes_part"),
    [({}, False), (label("enable", "true"), True), (label("enable", "maybe"), False)],
)
def test_label_enable_wants_the_label(labels: dict[str, str], takes_part: bool) -> None:
    why = why_excluded(container(labels=labels), LABELLED_ONLY, own_ids=())
    assert (why == "") is takes_part


def test_the_container_that_watchweb_runs_in_is_excluded_whatever_its_labels_say() -> None:
    own = container(labels=label("enable", "true"))
    assert why_excluded(own, LABELLED_ONLY, own_ids={own.id}) == "Watchweb itself runs in it."


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("web", "web", True),
        ("web", "web2", False),
        ("web", "my-web", False),
        ("web*", "web2", True),
        ("*", "anything", True),
        ("web?", "web2", True),
        ("web?", "web22", False),
        ("*-db", "shop-db", True),
        ("*-db", "shop-db-1", False),
        ("a.b", "axb", False),
        ("[a-z]", "a", False),
        ("", "web", False),
    ],
)
def test_wildcards_fit_whole_names_and_nothing_else_is_special(
    pattern: str, name: str, fits: bool
) -> None:
    assert matches(pattern, name) is fits


def test_no_names_mean_every_container() -> None:
    assert is_named(container("web"), ())


def test_a_leading_slash_in_a_name_is_ignored() -> None:
    assert is_named(container("web"), ("/web",))
    assert not is_named(container("web"), ("/db",))
