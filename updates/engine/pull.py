"""The stream of a pull, understood line by line.

Source: Engine API `POST /images/create`. An error in mid-stream is a line of a 200 answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from updates.engine.errors import PullFailed, plain

_DIGEST = re.compile(r"Digest: (\w+:[0-9a-f]{32,})")
_DONE = {"Pull complete", "Already exists", "Download complete"}


@dataclass(frozen=True, slots=True)
class PullSnapshot:
    """How far a pull is; bytes are those of the layers whose size is known so far."""

    current_bytes: int = 0
    total_bytes: int = 0
    layers_done: int = 0
    layers_total: int = 0
    status: str = ""


@dataclass(slots=True)
class PullProgress:
    """Takes the lines in; says how far the pull is."""

    digest: str = ""
    status: str = ""
    _current: dict[str, int] = field(default_factory=dict)
    _total: dict[str, int] = field(default_factory=dict)
    _done: dict[str, bool] = field(default_factory=dict)

    def feed(self, line: Mapping[str, Any]) -> None:
        """Take one line in. Raises PullFailed for one that carries an error."""
        if error := line.get("error") or line.get("errorDetail"):
            said = explain(str(error.get("message") if isinstance(error, dict) else error))
            raise PullFailed(f"{said.rstrip('.')}.")
        status = str(line.get("status") or "")
        if found := _DIGEST.match(status):
            self.digest = found.group(1)
        if layer := str(line.get("id") or ""):
            self._feed_layer(layer, status, line.get("progressDetail") or {})
        self.status = status or self.status

    def snapshot(self) -> PullSnapshot:
        return PullSnapshot(
            sum(self._current.values()),
            sum(self._total.values()),
            sum(self._done.values()),
            len(self._done),
            self.status,
        )

    def _feed_layer(self, layer: str, status: str, detail: Mapping[str, Any]) -> None:
        if status.startswith("Pulling from"):
            return  # The first line's id is the tag.
        self._done[layer] = self._done.get(layer, False) or status in _DONE
        if status == "Downloading" and detail.get("total"):
            self._total[layer] = int(detail["total"])
            self._current[layer] = int(detail.get("current") or 0)
        elif status in _DONE and layer in self._total:
            self._current[layer] = self._total[layer]


def explain(error: str) -> str:
    """The engine's words, with what to do where they are known not to say it."""
    said = plain(error)
    if "certificate signed by unknown authority" in said:
        return (
            "the engine does not trust the registry's certificate; put its CA into "
            f"/etc/docker/certs.d/HOST:PORT/ca.crt on that host ({said})"
        )
    if "no space left on device" in said:
        return (
            "there is no room left on the host's disk; `docker system df` there says what takes "
            f"it, and clean-up after updates keeps it small ({said})"
        )
    return said
