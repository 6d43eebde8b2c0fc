"""What a container needs of its host beside its image: volumes that have a name, and networks.

An engine makes a volume that is not there: an empty one, without a word. And it makes a container
whose network is gone, which then cannot start. So both are asked for before anything is touched.
A volume that a container refers to cannot be removed, so one that is there then stays. When it was
made says nothing: engines before 25 tell when something was last written at its root.
Source: Engine API, HostConfig (Binds, Mounts), NetworkingConfig; moby's local volume driver.
"""

from collections.abc import Callable
from typing import Any

from updates.engine.errors import EngineRefused, NoSuchObject
from updates.engine.spec import CreateBody
from updates.flow.endings import Lacking
from updates.flow.ports import EnginePort

NO_VOLUME = (
    "Its volume {name} is not on the host any more: a new container would begin with an empty one. "
    "Bring the volume back, or make it by hand if it may be empty."
)
NO_NETWORK = "Its network {name} is not on the host any more. Make it again first."
_ENGINES_OWN = ("bridge", "host", "none")
# A proxy in front of the engine that lets no such question through: nobody knows then.
_NOT_TOLD = (403, 405, 501)


def check(body: CreateBody, engine: EnginePort) -> None:
    """That all is there. Raises Lacking for what is gone, EngineError."""
    for name in networks_of(body):
        if _asked(engine.inspect_network, name) is None:
            raise Lacking(NO_NETWORK.format(name=name))
    if gone := gone_volumes(body, engine):
        raise Lacking(NO_VOLUME.format(name=gone[0]))


def gone_volumes(body: CreateBody, engine: EnginePort) -> list[str]:
    """Those that a create would make anew. Raises EngineError."""
    return [name for name in volumes_of(body) if _asked(engine.inspect_volume, name) is None]


def volumes_of(body: CreateBody) -> list[str]:
    """The names of the volumes that it mounts."""
    host = body.config.get("HostConfig") or {}
    binds = [str(bind).partition(":") for bind in host.get("Binds") or []]
    mounts = host.get("Mounts") or []
    named = [one["Source"] for one in mounts if one.get("Type") == "volume" and one.get("Source")]
    found = [name for name, colon, _ in binds if colon and not name.startswith(("/", "\\", "~"))]
    return sorted({*found, *named})


def networks_of(body: CreateBody) -> list[str]:
    """The names of the networks that somebody made for it."""
    created = (body.config.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
    return sorted({*created, *body.connect} - {*_ENGINES_OWN})


def _asked(inspect: Callable[[str], dict[str, Any]], name: str) -> dict[str, Any] | None:
    """The document; None if there is no such thing, an empty one if nobody is told."""
    try:
        return inspect(name)
    except NoSuchObject:
        return None
    except EngineRefused as error:
        if error.status in _NOT_TOLD:
            return {}
        raise
