"""What is asked before an act on many containers, and what is said after it."""

import pytest

from updates.forms.container_act import Act
from updates.views.containers.wording import done, heading, meaning, question


@pytest.mark.parametrize(
    ("act", "none", "one", "two"),
    [
        (Act.SCAN, "Nothing to check", "Check 1 container now?", "Check 2 containers now?"),
        (Act.UPDATE, "Nothing to update", "Update 1 container?", "Update 2 containers?"),
        (Act.HOLD, "Nothing to hold", "Hold 1 container?", "Hold 2 containers?"),
        (Act.RELEASE, "Nothing to release", "Release 1 container?", "Release 2 containers?"),
        (
            Act.SKIP,
            "Nothing to skip",
            "Skip this version for 1 container?",
            "Skip this version for 2 containers?",
        ),
    ],
)
def test_the_question_counts(act: Act, none: str, one: str, two: str) -> None:
    assert [question(act, count) for count in (0, 1, 2)] == [none, one, two]


def test_every_act_has_its_words() -> None:
    assert all(meaning(act) and heading(act, "done") for act in Act)
    assert heading(Act.HOLD, "along") == "Restarted with them"
    assert heading(Act.HOLD, "left") == "Left out"


def test_one_is_named_and_several_are_counted() -> None:
    assert done(Act.HOLD, ["web"]) == "web is held. The next run goes by it."
    assert done(Act.SKIP, ["web"]).startswith("web is left on the version it has, until")
    assert done(Act.RELEASE, ["web", "db"]) == "2 containers are released. The next run goes by it."
