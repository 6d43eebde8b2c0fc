"""Schedules on the command line."""

import json

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from updates.models import Host, Schedule, SchedulePause


def test_one_is_added_listed_paused_and_removed(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        *("schedule", "add", "nightly", "0 4 * * *", "--zone", "Europe/Berlin", "--host", "nas"),
        *("--name", "web-*", "--window", "sat,sun 22:00-04:00"),
    )
    row = Schedule.objects.get()
    assert (row.window_days, str(row.window_begins), row.patterns) == (
        [6, 0],
        "22:00:00",
        ("web-*",),
    )
    call_command("schedule", "pause")
    capsys.readouterr()
    call_command("schedule", "list", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["paused"] is True
    assert document["schedules"][0]["hosts"] == ["nas"]
    assert document["schedules"][0]["words"] == (
        "every day at 04:00; changes are made Saturday and Sunday, 22:00 to 04:00 (Europe/Berlin)"
    )
    call_command("schedule", "resume")
    assert not SchedulePause.objects.exists()
    call_command("schedule", "pause", "nightly")
    row.refresh_from_db()
    assert (row.enabled, row.next_at) == (False, None)
    call_command("schedule", "remove", "nightly")
    assert not Schedule.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x", "61 * * * *"), "when: '61 * * * *' is no cron expression"),
        (("add", "x", "1h", "--zone", "Mars"), "zone: 'Mars' is no time zone"),
        (("add", "x", "1h", "--window", "noon"), "is no day of the week"),
        (("add", "x", "1h", "--window", "04:00-04:00"), "never be open"),
        (("add", "x", "1h", "--host", "nowhere"), "There is no host 'nowhere'"),
        (("add", "", "1h"), "name: "),
        (("remove", "x"), "There is no schedule 'x'"),
    ],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], sentence: str) -> None:
    assert sentence in refused("schedule", *arguments)
