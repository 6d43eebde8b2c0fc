"""What a container needs of its host beside its image: volumes that have a name, and networks.

An engine makes a volume that is not there: an empty one, without a word. And it makes a container
whose network is gone, which then cannot start. So both are asked for before anything is touched.
Source: Engine API, HostConfig (Binds, Mounts), Volume (CreatedAt), NetworkingConfig.
"""

from collections.abc import Callable, Mapping
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
ANEW = "Its volume {name} was made anew meanwhile, and may be empty."
_ENGINES_OWN = ("bridge", "host", "none")
# A proxy in front of the engine that lets no such question through: nobody knows then.
_NOT_TOLD = (403, 405, 501)
type Stock = Mapping[str, str]  # Volumes by name, and when the engine made each; "" is not known.


def stock(body: CreateBody, engine: EnginePort) -> Stock:
    """The volumes that the new one will have. Raises Lacking for what is gone, EngineError."""
    for name in networks_of(body):
        if _asked(engine.inspect_network, name) is None:
            raise Lacking(NO_NETWORK.format(name=name))
    found = {}
    for name in volumes_of(body):
        volume = _asked(engine.inspect_volume, name)
        if volume is None:
            raise Lacking(NO_VOLUME.format(name=name))
        is_local = volume.get("Driver") == "local"  # Others may say when they were mounted.
        found[name] = str(volume.get("CreatedAt") or "") if is_local else ""
    return found


def check(before: Stock, body: CreateBody, engine: EnginePort) -> None:
    """The same once more, when the new container has been made. Raises Lacking, EngineError."""
    now = stock(body, engine)
    for name, created_at in before.items():
        if now[name] != created_at:
            raise Lacking(ANEW.format(name=name))


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
