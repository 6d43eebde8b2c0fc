"""How a replacement ends early; what an engine refuses comes as its own error."""

from updates.flow.session import State


class ConfigurationLost(Exception):
    """The engine left out some of what the new container was to have."""


class GateFailed(Exception):
    """The new container did not prove itself."""


class Meddled(Exception):
    """Somebody did something of their own to one of the two containers."""


class Lacking(Exception):
    """The host has not, or no longer, what the container needs."""


class Declined(Exception):
    """The old container is left as it is: skipped if it asked for that, else failed."""

    def __init__(self, state: State, reason: str) -> None:
        super().__init__(reason)
        self.state = state
