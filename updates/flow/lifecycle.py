"""Commands that run inside a container around its update.

pre-check, post-check     for every container that takes part in an update run, one minute each
pre-update                in the old container; exit code 75 (EX_TEMPFAIL) asks to skip the update
post-update               in the new one, once it has passed its gate

What a command prints is told, cut and without the container's secrets.
Source: Watchtower's pkg/lifecycle; sysexits.h.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from updates.engine.errors import EngineError
from updates.flow.masking import mask
from updates.flow.ports import EnginePort
from updates.flow.session import Step
from updates.flow.settings import Settings

EX_TEMPFAIL = 75
MAX_OUTPUT = 4000
_FOR_EVER_S = 7 * 86_400.0
_MINUTE_S = 60.0
_CUT = "\n[…]\n"
Document = Mapping[str, Any]
Tell = Callable[[Step, str], None]


@dataclass(frozen=True, slots=True)
class Hook:
    """One command. `timeout_s` None: for ever."""

    step: Step
    command: str
    timeout_s: float | None
    user: str = ""

    @property
    def name(self) -> str:
        return str(self.step).replace("_", "-")

    def words(self) -> Sequence[str]:
        """What to execute: through a shell, or as it is if it is written as a JSON list."""
        try:
            listed = json.loads(self.command)
        except ValueError:
            listed = None
        is_list = isinstance(listed, list) and bool(listed)
        return [str(word) for word in listed] if is_list else ["sh", "-c", self.command]


def hook(step: Step, settings: Settings) -> Hook | None:
    """The command for this step; None if there is none, or commands are not enabled."""
    command = getattr(settings, f"lifecycle_{step}")
    if not command or not settings.enable_lifecycle_hooks:
        return None
    minutes = getattr(settings, f"lifecycle_{step}_timeout", 1)
    return Hook(step, command, minutes * _MINUTE_S or None, _user(settings))


def run_hook(hook: Hook, engine: EnginePort, document: Document, tell: Tell) -> int | None:
    """Run it in the container whose inspect document this is, and tell how it ended.

    Its exit code; None if it could not be run to its end.
    """
    tell(hook.step, f"Running the {hook.name} command")
    try:
        ended = engine.exec(
            document["Id"],
            hook.words(),
            user=hook.user,
            timeout_s=_FOR_EVER_S if hook.timeout_s is None else hook.timeout_s,
            environment={"WT_CONTAINER": _metadata(document)},
        )
    except EngineError as error:
        tell(hook.step, f"The {hook.name} command did not end: {error}")
        return None
    environment = (document.get("Config") or {}).get("Env") or []
    output = shortened(mask(ended.output, environment).strip())
    tell(hook.step, f"The {hook.name} command ended with code {ended.exit_code}.\n{output}".strip())
    return ended.exit_code


def shortened(text: str) -> str:
    """The text, or its beginning and its end."""
    half = MAX_OUTPUT // 2
    return text if len(text) <= MAX_OUTPUT else text[:half] + _CUT + text[-half:]


def _user(settings: Settings) -> str:
    """ "uid:gid" as an exec takes it; "" is the container's own user."""
    uid = "" if settings.lifecycle_uid is None else str(settings.lifecycle_uid)
    gid = "" if settings.lifecycle_gid is None else f":{settings.lifecycle_gid}"
    return uid + gid


def _metadata(document: Document) -> str:
    """What the command is told of its container, as the Watchtower fork does."""
    config = document.get("Config") or {}
    return json.dumps(
        {
            "name": str(document.get("Name", "")).lstrip("/"),
            "id": document["Id"],
            "image_name": config.get("Image", ""),
            "stop_signal": config.get("StopSignal", ""),
            "labels": config.get("Labels") or {},
        }
    )
