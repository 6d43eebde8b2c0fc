"""What can go wrong with an engine. Each message is a sentence for the person who must act.

EngineError
├── EngineUnreachable      no connection, or none in time        (waiting may help)
│   └── EngineTLSFailure   its certificate or ours was refused
├── NotAnEngine            something else answers there
├── EngineTooOld           it offers no API version that is spoken here
├── EngineRefused          it answered with an error status
│   ├── NoSuchObject       404
│   └── EngineConflict     409
├── PullFailed             the pull's stream carried an error, or stalled   (waiting may help)
└── ExecTimedOut           a command in a container did not end in time
"""

import re

_MAX_CHARS = 500
_QUERY = re.compile(r"(https?://[^\s\"'?]+)\?[^\s\"']*")
_OF_HOST = re.compile(
    r"already (in use|allocated)|external connectivity|network \S+ not found"
    r"|mount(ing)? (local )?volume|no such (volume|network)|volume driver",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(\w://)[^\s/@\"']+@")


class EngineError(Exception):
    """Any trouble with an engine. `retryable`: may waiting help?"""

    retryable = False


class EngineUnreachable(EngineError):
    retryable = True


class EngineTLSFailure(EngineUnreachable):
    retryable = False


class NotAnEngine(EngineError):
    pass


class EngineTooOld(EngineError):
    pass


class EngineRefused(EngineError):
    """An error answer; `status` is its HTTP status."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status

    @property
    def is_of_host(self) -> bool:
        """True if it is about what the host has for a container: a port or an address that is
        taken, a network, a volume."""
        return _OF_HOST.search(str(self)) is not None


class NoSuchObject(EngineRefused):
    pass


class EngineConflict(EngineRefused):
    pass


class PullFailed(EngineError):
    retryable = True


class ExecTimedOut(EngineError):
    pass


def plain(text: str) -> str:
    """A foreign message fit to be shown: one line, of bounded length, without URL secrets."""
    line = " ".join(text.split())
    line = _USERINFO.sub(r"\1", _QUERY.sub(r"\1", line))
    return line if len(line) <= _MAX_CHARS else line[: _MAX_CHARS - 1] + "…"
