"""Which container Watchweb itself runs in, if any: it must not replace itself in mid-update."""

import re
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from updates.engine.container import ContainerSummary
from updates.flow.ports import EnginePort
from updates.flow.ties import parent_of
from updates.models import Host

_ID = re.compile(r"containers/([0-9a-f]{64})/")
_FROM_ITS_FOLDER = {"/etc/resolv.conf", "/etc/hostname", "/etc/hosts"}


class NotRecognised(Exception):
    """It is not known which container Watchweb runs in; the message says why."""


def own_container_ids() -> set[str]:
    """The ids that this process's mounts betray; empty outside of a container.

    Docker mounts three files from …/containers/ID/, Podman from …/overlay-containers/ID/; in a
    shared network they are those of its owner. On the engine's own machine the shared memory of
    other containers is mounted below such a folder: that says nothing of this process.
    Source: proc(5), mountinfo: the fourth field is the root of a mount, the fifth its place.
    """
    mounts = (line.split() for line in _mounts().splitlines())
    roots = (one[3] for one in mounts if len(one) > 4 and one[4] in _FROM_ITS_FOLDER)
    return {found for root in roots for found in _ID.findall(root)}


def own_hosts() -> QuerySet[Host]:
    """The host whose inventory has the container; none until that host was scanned."""
    return Host.objects.filter(containers__container_id__in=own_container_ids()).distinct()


def own_among(engine: EnginePort, containers: Sequence[ContainerSummary]) -> set[str]:
    """The ids of those of an engine's containers that this very process runs in: one, or none.

    Where a network is shared, an inspect for each that shares it; all of them if even that does
    not tell which it is. Raises EngineError.
    """
    ids = own_container_ids()
    found = {one.id for one in containers if {one.id, parent_of(one.network_mode)} & ids}
    if len(found) < 2:
        return found
    return {one for one in found if _is_at_root(engine, one)} or found


def own_container(engine: EnginePort) -> ContainerSummary:
    """The container on this engine that this very process runs in.

    Raises NotRecognised, EngineError.
    """
    if not own_container_ids():
        raise NotRecognised(
            "Watchweb does not run in a container here: update it as it was installed."
        )
    containers = engine.containers()
    ids = own_among(engine, containers)
    if not ids:
        raise NotRecognised("The container that Watchweb runs in is not on this host.")
    if len(ids) > 1:
        raise NotRecognised(
            "Watchweb shares its network with other containers, and cannot tell which one is its."
        )
    return next(one for one in containers if one.id in ids)


def _is_at_root(engine: EnginePort, container_id: str) -> bool:
    """True if the container's own layer is among this process's mounts; overlay2 tells it."""
    driver = engine.inspect_container(container_id).get("GraphDriver") or {}
    layer = str((driver.get("Data") or {}).get("UpperDir") or "")
    return bool(layer) and f"upperdir={layer}," in _mounts()


def _mounts() -> str:
    try:
        return Path(settings.MOUNTINFO).read_text(encoding="utf-8")
    except OSError:
        return ""
