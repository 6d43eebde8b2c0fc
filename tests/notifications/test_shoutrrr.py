"""shoutrrr's URLs become Apprise's, which Apprise takes."""

import pytest

from updates.notifications.sending import service_of
from updates.notifications.shoutrrr import NotTranslated, is_shoutrrr, translate

UUID = "8b799edf-6f98-4d3a-9be7-2862fb4e5752"
A32, A30, U30 = "a" * 32, "a" * 30, "u" * 30
SLACK = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"

CASES = [
    ("bark://:key@api.day.app", "barks://api.day.app/key"),
    ("discord://tok_en-A@123456789?thread_id=5", "discord://123456789/tok_en-A?thread=5"),
    ("generic://h.example/p?@X=v&$Key=w", "jsons://h.example/p?+X=v&:Key=w"),
    ("generic+http://h.example:8080/p", "json://h.example:8080/p"),
    ("generic://h.example?disabletls=yes", "json://h.example"),
    (
        "googlechat://chat.googleapis.com/v1/spaces/SPC/messages?key=K&token=T",
        "gchat://SPC/K/T",
    ),
    ("gotify://h.example/AbC?disableTLS=yes", "gotify://h.example/AbC"),
    ("gotify://h.example:8443/sub/AbC", "gotifys://h.example:8443/sub/AbC"),
    ("ifttt://Key?events=e1,e2", "ifttt://Key@e1/e2"),
    (f"join://shoutrrr:{A32}@join/?devices=d1,d2", f"join://{A32}/d1/d2"),
    (
        "matrix://me:pw@m.example.com/?rooms=!room:m.example.com,%23alias",
        "matrixs://me:pw@m.example.com/!room:m.example.com/%23alias",
    ),
    ("mattermost://bot@m.example.com/tok/chan", "mmosts://bot@m.example.com/tok?channel=chan"),
    (
        "ntfy://u:p@n.example.com/topic?priority=high",
        "ntfys://u:p@n.example.com/topic?priority=high",
    ),
    ("ntfy:///topic?scheme=http", "ntfy://ntfy.sh/topic"),
    (f"opsgenie://api.eu.opsgenie.com/{UUID}", f"opsgenie://{UUID}?region=eu"),
    (f"pushbullet://o.{A32}/device", f"pbul://o.{A32}/device"),
    (f"pushover://shoutrrr:{A30}@{U30}/?devices=ph1", f"pover://{U30}@{A30}/ph1"),
    (
        f"rocketchat://bot@r.example.com/{'a' * 17}/{'b' * 24}/chan",
        f"rockets://{'a' * 17}/{'b' * 24}@r.example.com/%23chan",
    ),
    (f"slack://hook:{SLACK.replace('/', '-')}@webhook", f"slack://{SLACK}"),
    (f"slack://bot@{SLACK}", f"slack://bot@{SLACK}"),
    (
        "slack://xoxb:123456789012-1234567890123-4mt0t4l1YL3g1T5L4cK70k3N@C001",
        "slack://xoxb-123456789012-1234567890123-4mt0t4l1YL3g1T5L4cK70k3N/%23C001",
    ),
    (
        "smtp://me%40e.com:p%2Fw@m.example.com:587/?from=a@e.com&to=b@e.com",
        "mailtos://me%40e.com:p%2Fw@m.example.com:587?from=a%40e.com&to=b%40e.com&mode=starttls",
    ),
    (
        "smtp://m.example.com:25/?fromAddress=a@e.com&toAddresses=b@e.com&encryption=None",
        "mailto://m.example.com:25?from=a%40e.com&to=b%40e.com&mode=insecure",
    ),
    (
        "telegram://123456789:ABCdefghijklmnopqrstuvwxyz123456789@telegram?chats=-1001,@chan",
        "tgram://123456789:ABCdefghijklmnopqrstuvwxyz123456789/-1001/@chan",
    ),
    (
        f"zulip://bot-name%40acme.zulipchat.com:{A32}@acme.zulipchat.com?stream=general",
        f"zulip://bot-name@acme/{A32}/general",
    ),
]


@pytest.mark.parametrize(("url", "expected"), CASES)
def test_each_service_is_translated_to_what_apprise_takes(url: str, expected: str) -> None:
    assert translate(url).url == expected
    assert service_of(expected)


def test_the_logger_needs_no_channel() -> None:
    assert translate("logger://").url == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3cr3t", "It is no service of shoutrrr's"),
        ("gopher://s3cr3t", "gopher is no service of shoutrrr's"),
        ("discord://s3cr3t", "A part of this discord URL is missing."),
        ("telegram://s3cr3t@telegram", "A part of this telegram URL is missing."),
        ("slack://hook:s3cr3t@webhook", "A part of this slack URL is missing."),
        ("teams://a@s3cr3t/c/d?host=x", "ended the connectors"),
        ("http://[s3cr3t", "This is no URL."),
        ("gotify://h:s3cr3t/x", "This is no URL."),
    ],
)
def test_what_cannot_be_translated_is_said_without_the_secret(url: str, words: str) -> None:
    with pytest.raises(NotTranslated) as raised:
        translate(url)
    assert words in str(raised.value)
    assert "s3cr3t" not in str(raised.value)
    assert not is_shoutrrr(url)
