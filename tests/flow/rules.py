"""Rules of a run as tests write them: what it says, by name."""

from typing import Any

from updates.flow.policy import Policies
from updates.flow.rules import Rules
from updates.flow.session import Params


def rules(*names: str, host: str = "", policies: Policies | None = None, **switches: Any) -> Rules:
    """The rules of a run that names these containers and says this."""
    return Rules.of_run(Params(names=names, switches=switches), policies or Policies(), host)
