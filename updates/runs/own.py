"""Which container Watchweb itself runs in, if any: it must not replace itself in mid-update."""

import re
from pathlib import Path

_ID = re.compile(r"/containers/([0-9a-f]{64})/")
_FROM_ITS_FOLDER = {"/etc/resolv.conf", "/etc/hostname", "/etc/hosts"}


def own_container_ids(mountinfo: Path = Path("/proc/self/mountinfo")) -> set[str]:
    """The ids that this process's mounts betray; empty outside of a container.

    Docker mounts three files from the container's folder. On the engine's own machine the shared
    memory of other containers is mounted below such a folder: that says nothing of this process.
    Source: proc(5), mountinfo: the fourth field is the root of a mount, the fifth its place.
    """
    try:
        mounts = [line.split() for line in mountinfo.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return set()
    roots = (one[3] for one in mounts if len(one) > 4 and one[4] in _FROM_ITS_FOLDER)
    return {found for root in roots for found in _ID.findall(root)}
