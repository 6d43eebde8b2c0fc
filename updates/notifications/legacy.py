"""Watchtower's notification settings in its environment variables, in Apprise's words.

Source: Watchtower's internal/flags and pkg/notifications (v1.7.1): WATCHTOWER_NOTIFICATION_URL,
and the older WATCHTOWER_NOTIFICATIONS with a group of variables for each of its kinds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from updates.notifications.shoutrrr import NotTranslated, Translated, translate

PREFIX = "WATCHTOWER_NOTIFICATION"
_BETWEEN_URLS = re.compile(r"\s+|,(?=[a-z][a-z0-9+.-]*://)")
_YES = {"1", "t", "true", "yes"}
_KNOWN_TEMPLATES = {
    "default": "Watchtower's report",
    "default-legacy": "Short",
    "porcelain.v1.summary-no-log": "Watchtower's porcelain v1",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One receiver: where it came from, and its Apprise URL, or the sentence why there is none."""

    source: str
    url: str
    note: str = ""
    is_refused: bool = False


def translated(env: Mapping[str, str]) -> list[Found]:
    """Every receiver that the variables name."""
    urls = _BETWEEN_URLS.split(_value(env, "URL"))
    found = [of_url(url, f"{PREFIX}_URL") for url in urls if url]
    kinds = env.get("WATCHTOWER_NOTIFICATIONS", "").replace(",", " ").split()
    found.extend(_of_kind(kind, env) for kind in kinds if kind != "shoutrrr")
    return found


def of_url(url: str, source: str) -> Found:
    """One URL of shoutrrr's."""
    return _found(source, lambda: translate(url))


def notes(env: Mapping[str, str]) -> Iterator[str]:
    """What the other variables are in Watchweb: a sentence each."""
    level = env.get("WATCHTOWER_NOTIFICATIONS_LEVEL", "")
    if level:
        least = {"error": "Errors only", "warn": "Warnings and errors"}.get(level, "Everything")
        yield f"WATCHTOWER_NOTIFICATIONS_LEVEL={level}: choose “{least}”."
    template = _value(env, "TEMPLATE")
    if template in _KNOWN_TEMPLATES:
        yield f"{PREFIX}_TEMPLATE={template}: choose the text “{_KNOWN_TEMPLATES[template]}”."
    elif template:
        yield f"{PREFIX}_TEMPLATE is in Go's language: write it anew in Django's."
    if tag := _value(env, "TITLE_TAG") or _value(env, "EMAIL_SUBJECTTAG"):
        yield f"The title tag: begin the channel's title with [{tag}]."
    if _is_on(env, "SKIP_TITLE"):
        yield f"{PREFIX}_SKIP_TITLE: leave the channel's title empty."
    if env.get("WATCHTOWER_NOTIFICATIONS_DELAY") or _value(env, "EMAIL_DELAY"):
        yield "A delay is not needed: a message is sent when its run is over."


def _of_kind(kind: str, env: Mapping[str, str]) -> Found:
    source = f"WATCHTOWER_NOTIFICATIONS={kind}"
    if kind not in _KINDS:
        return Found(source, "", f"{kind} is no kind of notification of Watchtower's.", True)
    return _found(source, lambda: _KINDS[kind](env))


def _found(source: str, make: Callable[[], Translated]) -> Found:
    try:
        made = make()
    except NotTranslated as error:
        return Found(source, "", str(error), True)
    return Found(source, made.url, made.note)


def _email(env: Mapping[str, str]) -> Translated:
    server, to = _needed(env, "EMAIL_SERVER"), _needed(env, "EMAIL_TO")
    sender = _needed(env, "EMAIL_FROM")
    port = _value(env, "EMAIL_SERVER_PORT") or "25"
    names = (_value(env, "EMAIL_SERVER_USER"), _value(env, "EMAIL_SERVER_PASSWORD"))
    login = ":".join(quote(one, safe="") for one in names if one)
    asked = {"from": sender, "to": to, "mode": "starttls"}
    if _is_on(env, "EMAIL_SERVER_TLS_SKIP_VERIFY"):
        asked["verify"] = "no"
    at = f"{login}@" if login else ""
    return Translated(f"mailtos://{at}{server}:{port}?{urlencode(asked)}")


def _slack(env: Mapping[str, str]) -> Translated:
    hook = urlsplit(_needed(env, "SLACK_HOOK_URL"))
    parts = [part for part in hook.path.split("/") if part]
    if (hook.hostname or "").endswith(("discord.com", "discordapp.com")):
        if len(parts) < 4:
            raise NotTranslated(f"{PREFIX}_SLACK_HOOK_URL is no webhook of Discord.")
        return Translated(f"discord://{parts[2]}/{parts[3]}")
    if hook.hostname != "hooks.slack.com" or len(parts) != 4:
        raise NotTranslated(f"{PREFIX}_SLACK_HOOK_URL is no webhook of Slack or Discord.")
    bot, channel = _value(env, "SLACK_IDENTIFIER"), _value(env, "SLACK_CHANNEL").lstrip("#")
    at = f"{quote(bot, safe='')}@" if bot else ""
    target = f"/{quote('#' + channel, safe='')}" if channel else ""
    return Translated(f"slack://{at}{'/'.join(parts[1:])}{target}")


def _gotify(env: Mapping[str, str]) -> Translated:
    address = urlsplit(_needed(env, "GOTIFY_URL"))
    token = quote(_needed(env, "GOTIFY_TOKEN"), safe="")
    scheme = "gotify" if address.scheme == "http" else "gotifys"
    verify = "?verify=no" if _is_on(env, "GOTIFY_TLS_SKIP_VERIFY") else ""
    return Translated(f"{scheme}://{address.netloc}{address.path.rstrip('/')}/{token}{verify}")


def _teams(_: Mapping[str, str]) -> Translated:
    return translate("teams://x")


_KINDS = {"email": _email, "slack": _slack, "gotify": _gotify, "msteams": _teams}


def _needed(env: Mapping[str, str], name: str) -> str:
    if not (value := _value(env, name)):
        raise NotTranslated(f"{PREFIX}_{name} is not set.")
    return value


def _is_on(env: Mapping[str, str], name: str) -> bool:
    return env.get(f"{PREFIX}_{name}", "").lower() in _YES


def _value(env: Mapping[str, str], name: str) -> str:
    """The variable, or what is in the file that it names: Watchtower reads secrets so."""
    value = env.get(f"{PREFIX}_{name}", "").strip()
    if "://" in value or not value.startswith("/"):
        return value
    try:
        return Path(value).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return value
