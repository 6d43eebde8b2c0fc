"""Which container this process runs in."""

from pathlib import Path

from updates.runs.own import own_container_ids

OWN, OTHER = "a" * 64, "b" * 64
FOLDER = "/var/lib/docker/containers"
REST = "rw,relatime - ext4 /dev/sda1 rw"
IN_A_CONTAINER = f"""\
700 600 0:50 / / rw,relatime - overlay overlay rw
710 700 8:1 {FOLDER}/{OWN}/resolv.conf /etc/resolv.conf {REST}
711 700 8:1 {FOLDER}/{OWN}/hostname /etc/hostname {REST}
712 700 8:1 {FOLDER}/{OWN}/hosts /etc/hosts {REST}
"""
ON_THE_MACHINE = f"""\
22 1 8:1 / / {REST}
90 22 0:60 / {FOLDER}/{OTHER}/mounts/shm rw,nosuid - tmpfs shm rw,size=65536k

"""


def ids(tmp_path: Path, text: str) -> set[str]:
    mountinfo = tmp_path / "mountinfo"
    mountinfo.write_text(text)
    return own_container_ids(mountinfo)


def test_in_a_container_its_own_files_name_it(tmp_path: Path) -> None:
    assert ids(tmp_path, IN_A_CONTAINER) == {OWN}


def test_the_shared_memory_of_others_on_the_same_machine_is_not_its_own(tmp_path: Path) -> None:
    assert ids(tmp_path, ON_THE_MACHINE) == set()
    assert ids(tmp_path, IN_A_CONTAINER + ON_THE_MACHINE) == {OWN}


def test_where_there_is_no_such_file_it_is_in_no_container(tmp_path: Path) -> None:
    assert own_container_ids(tmp_path / "none") == set()
