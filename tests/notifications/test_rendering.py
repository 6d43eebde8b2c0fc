"""Texts: Watchtower's words as presets, people's own templates, and nothing that does harm."""

import pytest

from tests.notifications import news
from updates.models import Channel, ContainerResult, Host, UpdateRun
from updates.notifications.preview import message_about
from updates.notifications.rendering import TemplateTrouble, check, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(host: Host) -> UpdateRun:
    run = news.update(host, web="updated", db="failed", api="fresh", job="skipped", old="stale")
    rows = ContainerResult.objects.all()
    rows.update(old_image_id="sha256:" + "01d1" * 16, new_image_id="sha256:" + "d0a1" * 16)
    rows.filter(name="db").update(reason="The port is in use.")
    rows.filter(name="job").update(reason="It is pinned.")
    return run


def text(run: UpdateRun, **facts: object) -> str:
    return message_about(Channel(name="x", **facts), run).text


def test_watchtowers_report_in_its_own_words(run: UpdateRun) -> None:
    assert text(run, preset="watchtower").splitlines() == [
        "4 Scanned, 1 Updated, 1 Failed",
        "- web (registry.example.com/web:1): 01d101d101d1 updated to d0a1d0a1d0a1",
        "- api (registry.example.com/api:1): Fresh",
        "- job (registry.example.com/job:1): Skipped: It is pinned.",
        "- db (registry.example.com/db:1): Failed: The port is in use.",
    ]


def test_watchtowers_report_says_nothing_when_nothing_changed(host: Host) -> None:
    assert text(news.scan(host, web="fresh"), preset="watchtower") == ""


def test_porcelain_names_each_container_with_its_state(run: UpdateRun) -> None:
    assert text(run, preset="porcelain").splitlines() == [
        "web (registry.example.com/web:1): Updated",
        "db (registry.example.com/db:1): Failed Error: The port is in use.",
        "job (registry.example.com/job:1): Skipped Error: It is pinned.",
        "old (registry.example.com/old:1): Stale",
        "api (registry.example.com/api:1): Fresh",
    ]


def test_porcelain_of_nothing(host: Host) -> None:
    assert text(news.scan(host), preset="porcelain") == "no containers matched filter"


def test_an_own_template_sees_events_counts_and_runs(run: UpdateRun, settings: object) -> None:
    settings.WATCHWEB_URL = "https://watchweb.example.com"  # type: ignore[attr-defined]
    source = (
        "{% for run in runs %}{{ run.url }} {{ counts.updated }}/{{ counts.scanned }}{% endfor %}"
        "{% for one in events %} {{ one.container }}={{ one.event|upper }}{% endfor %}"
    )
    assert text(run, preset="own", template=source, containers="web,db") == (
        f"https://watchweb.example.com/runs/{run.pk}/ 1/2 db=FAILED web=UPDATED"
    )


def test_the_text_is_plain_and_not_escaped(run: UpdateRun) -> None:
    ContainerResult.objects.filter(name="db").update(reason="<a> & 'b'")
    assert "<a> & 'b'" in text(run)


@pytest.mark.parametrize(
    "source",
    [
        "{% include '/etc/passwd' %}",
        "{% extends 'updates/base.html' %}",
        "{% load static %}",
        "{% debug %}",
        "{% lorem 99999999 w %}",
        "{{ summary|center:999999999 }}",
        "{% url 'admin:index' %}",
        "{{ events.__class__ }}",
        "{% if %}",
        "{{ summary",
    ],
)
def test_what_reads_files_or_does_harm_is_not_in_the_language(source: str) -> None:
    if source == "{{ summary":
        assert filled(source, {}) == source  # Django takes it for text.
        return
    with pytest.raises(TemplateTrouble):
        check(source)


def test_trouble_names_the_line() -> None:
    with pytest.raises(TemplateTrouble, match=r"^Line 3: Invalid block tag.*nope"):
        check("a\nb\n{% nope %}")


def test_trouble_while_filling_in_is_trouble_too() -> None:
    with pytest.raises(TemplateTrouble, match="when it is filled in"):
        filled("{{ summary.format }}", {"summary": "{x}"})


def test_a_title_is_one_line(run: UpdateRun) -> None:
    message = message_about(Channel(name="x", title="a\n{{ summary }}\r\nBcc: b"), run)
    assert "\n" not in message.title
    assert message.title.startswith("a 1 update failed")


def test_a_long_text_is_cut(run: UpdateRun) -> None:
    long = filled("{% for a in x %}{{ x }}{% endfor %}", {"x": "y" * 500})
    assert len(long) == 20_000
    assert long.endswith("cut off here.")
