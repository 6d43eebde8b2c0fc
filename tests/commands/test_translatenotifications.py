"""Watchtower's variables and shoutrrr's URLs become Apprise URLs, on stdout alone."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HOOK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def said(
    capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0
) -> tuple[list[str], str]:
    """The lines on stdout, and stderr."""
    try:
        call_command("translatenotifications", *arguments)
        ended = 0
    except SystemExit as error:
        ended = int(str(error.code))
    captured = capsys.readouterr()
    assert ended == code, captured
    return captured.out.splitlines(), captured.err


def test_a_url_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "discord://tok@123456") == (["discord://123456/tok"], "")


def test_masked_shows_the_service_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--masked", "gotify://h.example/tok") == (["Gotify on h.example"], "")


def test_what_fails_is_on_stderr_and_the_rest_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = said(capsys, "discord://s3cr3t", "ntfy://n.example.com/t", code=1)
    assert out == ["ntfys://n.example.com/t"]
    assert err == "URL 1: A part of this discord URL is missing.\n"


def test_every_legacy_kind(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("AbC\n")
    variables = {
        "WATCHTOWER_NOTIFICATIONS": "email slack gotify msteams shoutrrr",
        "WATCHTOWER_NOTIFICATION_URL": "ntfy://n.example.com/a,discord://tok@1 logger://",
        "WATCHTOWER_NOTIFICATION_EMAIL_FROM": "a@e.com",
        "WATCHTOWER_NOTIFICATION_EMAIL_TO": "b@e.com",
        "WATCHTOWER_NOTIFICATION_EMAIL_SERVER": "mail.example.com",
        "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_USER": "me@e.com",
        "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_PASSWORD": "p/w",
        "WATCHTOWER_NOTIFICATION_SLACK_HOOK_URL": f"https://hooks.slack.com/services/{HOOK}",
        "WATCHTOWER_NOTIFICATION_SLACK_IDENTIFIER": "watchtower",
        "WATCHTOWER_NOTIFICATION_SLACK_CHANNEL": "#ops",
        "WATCHTOWER_NOTIFICATION_GOTIFY_URL": "https://push.example.com/",
        "WATCHTOWER_NOTIFICATION_GOTIFY_TOKEN": str(tmp_path / "token"),
        "WATCHTOWER_NOTIFICATIONS_LEVEL": "error",
        "WATCHTOWER_NOTIFICATION_TEMPLATE": "porcelain.v1.summary-no-log",
        "WATCHTOWER_NOTIFICATION_TITLE_TAG": "home",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    out, err = said(capsys, code=1)
    assert out == [
        "ntfys://n.example.com/a",
        "discord://1/tok",
        "mailtos://me%40e.com:p%2Fw@mail.example.com:25?from=a%40e.com&to=b%40e.com&mode=starttls",
        f"slack://watchtower@{HOOK}/%23ops",
        "gotifys://push.example.com/AbC",
    ]
    assert "choose “Errors only”" in err
    assert "Watchtower's porcelain v1" in err
    assert "WATCHTOWER_NOTIFICATIONS=msteams: Microsoft has ended" in err
    assert "p/w" not in err
    assert "AbC" not in err


def test_a_slack_hook_that_is_discords(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHTOWER_NOTIFICATIONS", "slack")
    hook = "https://discord.com/api/webhooks/123/tok/slack"
    monkeypatch.setenv("WATCHTOWER_NOTIFICATION_SLACK_HOOK_URL", hook)
    assert said(capsys)[0] == ["discord://123/tok"]


def test_nothing_to_translate_is_wrong_use() -> None:
    with pytest.raises(CommandError, match="There is nothing to translate") as raised:
        call_command("translatenotifications")
    assert raised.value.returncode == 2
