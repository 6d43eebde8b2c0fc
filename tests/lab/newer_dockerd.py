"""A private Docker Engine of 25 or newer, beside an older one that is installed.

Unless the installed one is new enough it is the one that scripts/lab-newer-engine unpacked: other
libraries, so it needs another root. A chroot is not enough, since what runs in a container's
namespaces (exec, healthchecks) would land in the machine's root: pivot_root, in a mount namespace
that ends with the engine. The network namespace is the machine's: the lab's registries are there.
"""

from pathlib import Path

from tests.lab.dockerd import Dockerd
from tests.lab.missing import newer_engine, program

# $0 is the folder of the unpacked engine, $1 that of the lab's; the rest is the program.
_ENTER = """\
set -eu
root=$1 new=$1/new-root
shift
mkdir -p "$new" "$root/run"
mount -t tmpfs tmpfs "$new"
cd "$new"
mkdir dev etc old proc run sys tmp usr var
for name in bin lib lib64 sbin; do ln -s "usr/$name" "$name"; done
cp -L /etc/hosts /etc/resolv.conf etc/ || true
for name in dev proc sys; do mount --rbind "/$name" "$name"; done
mount -o bind,ro "$0/usr" usr
mount --bind "$root/run" run
mkdir -p ".$root"
mount --bind "$root" ".$root"
pivot_root . old
cd /
umount --lazy /old
exec "$@"
"""
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class NewerDockerd(Dockerd):
    """One newer engine below `root`; it refuses clients below `min_api`. Raises LabError."""

    def __init__(self, root: Path, min_api: str = "") -> None:
        self.home = newer_engine()
        super().__init__(root)
        self.process.env |= {"DOCKER_MIN_API_VERSION": min_api} if min_api else {}
        self.process.env |= {"PATH": _PATH} if self._is_unpacked else {}

    @property
    def _is_unpacked(self) -> bool:
        return self.home != Path("/")

    def _argv(self) -> list[str]:
        # Networks that name no subnet must not take one of the other engine's.
        argv = [*super()._argv(), "--default-address-pool=base=10.216.0.0/16,size=24"]
        if not self._is_unpacked:
            return argv
        enter = ["/bin/sh", "-c", _ENTER, str(self.home), str(self.root)]
        return [program("unshare"), "--mount", "--propagation=private", *enter, *argv]

    def _program(self, name: str) -> str:
        return name if self._is_unpacked else super()._program(name)
