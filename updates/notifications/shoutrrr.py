"""shoutrrr's URLs, as Watchtower takes them, in Apprise's words.

Source: shoutrrr's service pages (v0.8) and Apprise's. A payload may differ where the two have
different ideas of a service; a note then says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from updates.notifications.shoutrrr_parts import Parts, joined, login, needed, parts_of


class NotTranslated(Exception):
    """The sentence says why, without a secret."""


@dataclass(frozen=True, slots=True)
class Translated:
    """`url` "" where nothing is to be sent; `note`: what to know about it."""

    url: str
    note: str = ""


def is_shoutrrr(url: str) -> bool:
    """Whether it can be translated."""
    try:
        translate(url)
    except NotTranslated:
        return False
    return True


def translate(url: str) -> Translated:
    """Raises NotTranslated."""
    try:
        split = urlsplit(url.strip())
        parts = parts_of(split)
    except ValueError:
        raise NotTranslated("This is no URL.") from None
    scheme = split.scheme.partition("+")[0]
    if scheme not in _SERVICES:
        known = ", ".join(sorted(_SERVICES))
        raise NotTranslated(f"{scheme or 'It'} is no service of shoutrrr's. Known: {known}.")
    if split.scheme == "generic+http":
        parts = replace(parts, query={**parts.query, "disabletls": "yes"})
    try:
        return _SERVICES[scheme](parts)
    except IndexError:
        raise NotTranslated(f"A part of this {scheme} URL is missing.") from None


def _bark(parts: Parts) -> Translated:
    key = needed(parts.password or parts.user)
    return Translated(joined("barks", parts.place, *parts.path, key))


def _discord(parts: Parts) -> Translated:
    thread = parts.query.get("thread_id", "")
    return Translated(joined("discord", needed(parts.host), needed(parts.user), thread=thread))


def _generic(parts: Parts) -> Translated:
    plain = parts.says("disabletls")
    headers = {f"+{k[1:]}": v for k, v in parts.query.items() if k.startswith("@")}
    extra = {f":{k[1:]}": v for k, v in parts.query.items() if k.startswith("$")}
    url = joined("json" if plain else "jsons", parts.place, *parts.path, user=login(parts))
    asked = urlencode(headers | extra, safe="+:")
    note = "Apprise's JSON has title, message and type; shoutrrr sent the bare text or other keys."
    return Translated(f"{url}?{asked}" if asked else url, note)


def _googlechat(parts: Parts) -> Translated:
    space = parts.path[parts.path.index("spaces") + 1] if "spaces" in parts.path else ""
    query = parts.query
    return Translated(
        joined("gchat", needed(space), needed(query.get("key", "")), needed(query.get("token", "")))
    )


def _gotify(parts: Parts) -> Translated:
    scheme = "gotify" if parts.says("disabletls") else "gotifys"
    needed(parts.path[-1])
    return Translated(joined(scheme, parts.place, *parts.path))


def _ifttt(parts: Parts) -> Translated:
    events = [needed(one) for one in parts.listed("events")]
    return Translated(joined("ifttt", events[0], *events[1:], user=quote(parts.host)))


def _join(parts: Parts) -> Translated:
    return Translated(joined("join", needed(parts.password), *parts.listed("devices")))


def _logger(_: Parts) -> Translated:
    return Translated("", "logger:// sends nothing; every message is kept with its channel.")


def _matrix(parts: Parts) -> Translated:
    scheme = "matrix" if parts.says("disabletls") else "matrixs"
    rooms = parts.listed("rooms") or parts.listed("room")
    return Translated(joined(scheme, parts.place, *rooms, user=login(parts)))


def _mattermost(parts: Parts) -> Translated:
    scheme = "mmost" if parts.says("disabletls") else "mmosts"
    channel = parts.path[1] if len(parts.path) > 1 else ""
    return Translated(
        joined(scheme, parts.place, parts.path[0], user=quote(parts.user), channel=channel)
    )


def _ntfy(parts: Parts) -> Translated:
    plain = parts.query.get("scheme") == "http" or parts.says("disabletls")
    place = parts.place or "ntfy.sh"
    priority = parts.query.get("priority", "")
    return Translated(
        joined(
            "ntfy" if plain else "ntfys",
            place,
            parts.path[0],
            user=login(parts),
            priority=priority,
        )
    )


def _opsgenie(parts: Parts) -> Translated:
    region = "eu" if ".eu." in f".{parts.host}" else ""
    return Translated(joined("opsgenie", parts.path[0], region=region))


def _pushbullet(parts: Parts) -> Translated:
    return Translated(joined("pbul", needed(parts.host), *parts.path))


def _pushover(parts: Parts) -> Translated:
    token, user = needed(parts.password), needed(parts.host)
    return Translated(joined("pover", token, *parts.listed("devices"), user=quote(user)))


def _rocketchat(parts: Parts) -> Translated:
    hook, rest = f"{parts.path[0]}/{parts.path[1]}", parts.path[2:]
    targets = (one if one[0] in "#@" else f"#{one}" for one in rest)
    return Translated(joined("rockets", parts.place, *targets, user=hook))


def _slack(parts: Parts) -> Translated:
    """hook:A-B-C@webhook, xoxb:token@channel, or the old [bot@]A/B/C."""
    if parts.user == "hook":
        return Translated(joined("slack", *_three(parts.password.split("-"))))
    if parts.user.startswith("xox"):
        token = f"{parts.user}-{parts.password}"
        return Translated(joined("slack", token, f"#{parts.host}"))
    return Translated(joined("slack", *_three([parts.host, *parts.path]), user=quote(parts.user)))


def _three(tokens: list[str]) -> tuple[str, str, str]:
    return needed(tokens[0]), needed(tokens[1]), needed(tokens[2])


def _smtp(parts: Parts) -> Translated:
    query = parts.query
    encryption = query.get("encryption", "auto").lower()
    has_no_tls = encryption == "none" or query.get("usestarttls", "").lower() in ("no", "false")
    mode = "ssl" if encryption == "implicittls" else "starttls"
    to = query.get("toaddresses") or query.get("to", "")
    sender = query.get("fromaddress") or query.get("from", "")
    return Translated(
        joined(
            "mailto" if has_no_tls else "mailtos",
            needed(parts.place),
            user=login(parts),
            **{"from": sender, "to": needed(to), "mode": "insecure" if has_no_tls else mode},
        )
    )


def _teams(_: Parts) -> Translated:
    raise NotTranslated(
        "Microsoft has ended the connectors that teams:// is for. Make a workflow in Teams "
        "(“Post to a channel when a webhook request is received”) and give its URL to a channel."
    )


def _telegram(parts: Parts) -> Translated:
    token = f"{needed(parts.user)}:{parts.password}" if parts.password else needed(parts.user)
    chats = parts.listed("chats") or parts.listed("channels")
    return Translated(joined("tgram", token, *(needed(chats[0]), *chats[1:])))


def _zulip(parts: Parts) -> Translated:
    bot = parts.user.partition("@")[0].removesuffix("-bot")
    organization = parts.host.removesuffix(".zulipchat.com")
    stream = parts.query.get("stream", "")
    path = (needed(parts.password), *((stream,) if stream else ()))
    return Translated(joined("zulip", needed(organization), *path, user=quote(bot)))


_SERVICES: Mapping[str, Callable[[Parts], Translated]] = {
    "bark": _bark,
    "discord": _discord,
    "generic": _generic,
    "googlechat": _googlechat,
    "hangouts": _googlechat,
    "gotify": _gotify,
    "ifttt": _ifttt,
    "join": _join,
    "logger": _logger,
    "matrix": _matrix,
    "mattermost": _mattermost,
    "ntfy": _ntfy,
    "opsgenie": _opsgenie,
    "pushbullet": _pushbullet,
    "pushover": _pushover,
    "rocketchat": _rocketchat,
    "slack": _slack,
    "smtp": _smtp,
    "teams": _teams,
    "telegram": _telegram,
    "zulip": _zulip,
}
