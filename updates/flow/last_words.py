"""The last lines that a container wrote before it failed, fit to be kept and shown."""

import re
from collections.abc import Iterable

from updates.engine.errors import EngineError
from updates.flow.masking import mask
from updates.flow.ports import EnginePort

LINES = 50
MAX_CHARS = 4000
# Colours and other orders to a terminal, and what no database keeps.
_CONTROLS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


def last_words(engine: EnginePort, container_id: str) -> str:
    """The end of both its streams, without its secrets; "" if there is nothing, or if the engine
    cannot tell: a log driver may keep nothing."""
    try:
        document = engine.inspect_container(container_id)
        text = engine.logs(container_id, tail=LINES)
    except EngineError:
        return ""
    return tail(text, (document.get("Config") or {}).get("Env") or ())


def tail(text: str, environment: Iterable[str]) -> str:
    """The last letters of it, in whole lines unless one is longer than all there may be."""
    shown = mask(_CONTROLS.sub("", text), environment).strip("\n")
    if len(shown) <= MAX_CHARS:
        return shown
    cut = shown[-MAX_CHARS + 2 :]
    return "…\n" + (cut.partition("\n")[2] or cut)
