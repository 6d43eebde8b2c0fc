"""Which container Watchweb itself runs in, if any: it must not replace itself in mid-update."""

import re
from pathlib import Path

_ID = re.compile(r"/containers/([0-9a-f]{64})/")


def own_container_ids(mountinfo: Path = Path("/proc/self/mountinfo")) -> set[str]:
    """The ids that this process's mounts betray (Docker mounts resolv.conf from the container's
    folder); empty outside of a container."""
    try:
        return set(_ID.findall(mountinfo.read_text(encoding="utf-8")))
    except OSError:
        return set()
