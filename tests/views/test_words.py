"""How values read on the pages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from django.utils import timezone, translation

from tests.views import rows
from updates.flow.session import CheckStatus, State
from updates.models import Registry
from updates.models.run import RunState
from updates.templatetags.registries import left, signs_in, step_name, trusts, until, window
from updates.templatetags.watchweb import (
    ago,
    breakable,
    counted,
    digest,
    inside,
    time_tag,
    tone,
    took,
    words,
)


@pytest.mark.parametrize(
    ("seconds", "read"),
    [
        (None, ""),
        (0.04, "0.0 s"),
        (0.44, "0.4 s"),
        (0.46, "0.5 s"),
        (1.96, "2.0 s"),
        (9.94, "9.9 s"),
        (12.4, "12 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration(seconds: float | None, read: str) -> None:
    assert took(seconds) == read


@pytest.mark.parametrize(
    ("age", "read"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=3, seconds=30), "3 minutes ago"),
        (timedelta(days=2, hours=5), "2 days ago"),
    ],
)
def test_an_age(age: timedelta, read: str) -> None:
    assert ago(timezone.now() - age).replace("\xa0", " ") == read


def test_a_moment_has_its_age_and_itself() -> None:
    moment = timezone.now() - timedelta(days=2)
    tag = time_tag(moment)
    assert f'datetime="{timezone.localtime(moment).isoformat()}"' in tag
    assert f'title="{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}' in tag
    assert tag.replace("\xa0", " ").endswith(">2 days ago</time>")


@pytest.mark.parametrize("state", list(State))
def test_so_many_ended_in_a_state(state: State) -> None:
    said = {State.FRESH: "up to date", State.STALE: "with an update"}.get(state, words(state))
    assert counted(1, state) == f"1 {said}"
    assert counted(7, state) == f"7 {said}"


def test_a_label_inside_a_sentence_keeps_the_capitals_of_german() -> None:
    assert inside("Schedule") == "schedule"
    with translation.override("de"):
        assert inside("Zeitplan") == "Zeitplan"


def test_an_image_breaks_at_its_parts_and_is_escaped() -> None:
    assert breakable("a.io:5000/b/c:1") == "a.io:<wbr>5000/<wbr>b/<wbr>c:<wbr>1<wbr>"
    assert breakable("<b>") == "&lt;b&gt;<wbr>"


def test_a_digest_is_short() -> None:
    assert digest("sha256:0123456789abcdef") == "0123456789ab"
    assert digest("") == ""


def test_every_state_has_a_colour_and_words() -> None:
    for state in (*State, *CheckStatus, *RunState):
        assert tone(state) in {"good", "news", "bad", "busy", "quiet"}
        assert "_" not in words(state)
    for bad in (State.FAILED, State.ROLLED_BACK, RunState.INTERRUPTED):
        assert tone(bad) == "bad"
    assert tone(CheckStatus.UNKNOWN) != "good", "a failed check never looks up to date"


@pytest.mark.parametrize(
    ("seconds", "read"),
    [
        (None, ""),
        (0, ""),
        (1, " per second"),
        (90, " per 90 seconds"),
        (60, " per minute"),
        (21600, " per 6 hours"),
        (86400, " per day"),
    ],
)
def test_a_limits_window(seconds: int | None, read: str) -> None:
    assert window(seconds) == read


def test_a_moment_to_come_names_its_day_unless_that_is_today() -> None:
    noon = timezone.localtime().replace(hour=12, minute=5)
    assert until(noon) == "12:05"
    assert until(noon + timedelta(days=1)) == f"{noon + timedelta(days=1):%Y-%m-%d} 12:05"


@pytest.mark.parametrize(
    ("seconds", "read"), [(-5, "moments"), (59, "moments"), (125, "2 minutes"), (7300, "2 hours")]
)
def test_the_time_left(seconds: int, read: str) -> None:
    assert left(timezone.now() + timedelta(seconds=seconds + 1)).replace("\xa0", " ") == read


def test_a_step_is_a_heading() -> None:
    assert [step_name(step) for step in ("name", "tls", "token")] == ["DNS", "TLS", "Token"]


@pytest.mark.parametrize(
    ("facts", "read"),
    [
        ({}, "anonymous"),
        ({"username": "me", "password": "x"}, "me"),
        ({"identity_token": "x"}, "identity token"),
        ({"username": "<token>", "identity_token": "x"}, "identity token"),
        ({"kind": "ecr"}, "short-lived, by the worker's own role"),
        ({"kind": "ecr", "username": "AKIAX", "password": "x"}, "short-lived, by AKIAX"),
    ],
)
@pytest.mark.django_db
def test_who_signs_in(facts: dict[str, str], read: str) -> None:
    assert signs_in(rows.registry(**facts)) == read


@pytest.mark.django_db
def test_the_login_of_the_environment_is_named_where_it_goes(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WATCHWEB_REPO_REGISTRIES = ["docker.io"]
    monkeypatch.setenv("REPO_USER", "tower")
    assert signs_in(rows.registry("docker.io")) == "anonymous", "one alone is not used"
    monkeypatch.setenv("REPO_PASS", "s3cret")
    assert signs_in(Registry.objects.get()) == "tower (REPO_USER)"
    assert signs_in(rows.registry("ghcr.io")) == "anonymous"


@pytest.mark.parametrize(
    ("facts", "read", "with_ca"),
    [
        ({}, "system CAs", "system CAs and the settings' CA"),
        (
            {"trust": "system+ca", "ca_pem": "x"},
            "system CAs and its own CA",
            "system CAs, its own CA and the settings'",
        ),
        ({"trust": "ca", "ca_pem": "x"}, "its own CA alone", "its own CA alone"),
        ({"trust": "insecure"}, "not checked", "not checked"),
    ],
)
@pytest.mark.django_db
def test_who_is_trusted(
    facts: dict[str, str], read: str, with_ca: str, settings: Any, tmp_path: Path
) -> None:
    row = rows.registry(**facts)
    assert trusts(row) == read
    bundle = tmp_path / "ca.pem"
    bundle.write_text(trustme.CA().cert_pem.bytes().decode())
    settings.WATCHWEB_REGISTRY_CA = str(bundle)
    assert trusts(row) == with_ca
