"""Which API version is spoken with an engine: asked for, or assumed until an answer denies it.

1. What was learned of an engine earlier is assumed, and the first call goes out.
2. Its answer names the engine's API version and release in two headers, as every answer does.
   They are what is known: the assumption holds, and no later answer is looked at.
3. They are not, or the call was refused for its version: /version is asked, and the call is made
   again. One that has had an effect is not.

Source: moby, api/server/middleware/version.go; Podman, pkg/api/server/handler_api.go.
"""

import re
from collections import Counter
from typing import Any

import requests

from updates.engine import raw
from updates.engine.container import EngineInfo
from updates.engine.version import agree

_RELEASE = re.compile(r"(?:Docker|Libpod)/(\S+)")
_OUTDATED = re.compile(r"client version \S+ is too (?:new|old)")


class Agreement:
    """A hook of a session, called with each of its answers. `info` None: nothing is known yet.

    `fastest_s`: the shortest time in which an answer began; None before the first.
    """

    def __init__(
        self, session: raw.Api, url: str, calls: Counter[str], known: EngineInfo | None
    ) -> None:
        self.session = session
        self.url = url
        self.calls = calls
        self.info = known
        self.fastest_s: float | None = None
        self._is_assumed = known is not None
        if known:
            session._version = known.api_version

    def ask(self) -> EngineInfo:
        """Ask the engine what it is. Raises EngineTooOld, and ValueError for what is no engine."""
        self._is_assumed = False
        self.calls["version"] += 1
        self.info = agree(raw.read_version(self.session, self.url), self.url)
        self.session._version = self.info.api_version
        return self.info

    def __call__(self, answer: requests.Response, **how: Any) -> requests.Response:
        """The answer, or that to the same call in the version that is right. `how` it was sent."""
        took_s = answer.elapsed.total_seconds()
        self.fastest_s = took_s if self.fastest_s is None else min(took_s, self.fastest_s)
        if not self._is_assumed or self.info is None:
            return answer
        self._is_assumed = False
        is_refused = _is_refused(answer)
        if not is_refused and _is_from(answer, self.info):
            return answer
        assumed = self.info.api_version
        renewed = self.ask().api_version
        if not is_refused and answer.request.method != "GET":
            return answer
        answer.close()
        self.calls["repeated"] += 1
        request = answer.request.copy()
        request.url = str(request.url).replace(f"/v{assumed}/", f"/v{renewed}/", 1)
        repeated: requests.Response = self.session.send(request, **how)
        return repeated


def _is_from(answer: requests.Response, known: EngineInfo) -> bool:
    """Whether the headers are of the engine that is known; a header that is absent denies nothing.

    A proxy in between may take headers away, or put its own name there.
    """
    api_version = answer.headers.get("Api-Version", known.server_api_version)
    release = _RELEASE.match(answer.headers.get("Server", ""))
    version = release.group(1) if release else known.version
    return (api_version, version) == (known.server_api_version, known.version)


def _is_refused(answer: requests.Response) -> bool:
    """Whether the engine does not take the version that was spoken."""
    is_bad_request = answer.status_code == requests.codes.bad_request
    return is_bad_request and _OUTDATED.search(answer.text) is not None
