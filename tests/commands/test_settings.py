"""`settings`: what counts and where it comes from; setting it; one line for wrong use."""

import json

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from updates.models import Container, Host, Policy

pytestmark = pytest.mark.django_db


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    call_command("settings", *arguments, "--json")
    document: dict[str, dict[str, object]] = json.loads(capsys.readouterr().out)
    return document


def test_every_setting_is_shown_with_its_origin(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    label = {"watchweb.no-pull": "true"}
    Container.objects.create(host=host, name="web", container_id="c", image="web:1", labels=label)
    call_command("settings", "--set", "cleanup=yes", "--set", "rollback-window=3d", "--json")
    call_command("settings", "--host", host.name, "--set", "stop-timeout=2m", "--json")
    capsys.readouterr()

    document = shown(capsys, "--host", host.name, "--container", "web")

    assert document["cleanup"] == {"value": True, "from": "global"}
    assert document["rollback_window"] == {"value": 259_200, "from": "global"}
    assert document["stop_timeout"] == {"value": 120, "from": "host"}
    assert document["no_pull"] == {"value": True, "from": "label"}
    assert document["monitor_only"] == {"value": False, "from": "default"}


def test_unset_inherits_again(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    Policy(host=host, values={"cleanup": True, "stop_timeout": 3}).save()
    document = shown(capsys, "--host", host.name, "--unset", "cleanup")
    assert document["cleanup"] == {"value": False, "from": "default"}
    assert document["stop_timeout"]["value"] == 3


def test_a_person_reads_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("settings")
    said = capsys.readouterr().out
    assert "stop-timeout" in said
    assert "10s" in said


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--set", "cleanup=perhaps"], "cleanup takes yes or no."),
        (["--set", "cleanup"], "--set takes NAME=VALUE"),
        (["--set", "of-tomorrow=1"], "There is no setting 'of_tomorrow'"),
        (["--host", "nobody"], "There is no host 'nobody'"),
        (["--container", "web"], "--container needs its --host."),
    ],
)
def test_wrong_use_changes_nothing(arguments: list[str], why: str) -> None:
    assert why in refused("settings", *arguments)
    assert not Policy.objects.exists()
