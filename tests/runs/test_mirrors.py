"""A mirror is asked only if its address means the same to the engine and to this worker."""

import pytest

from updates.runs.mirrors import within_reach

HERE, THERE = "unix:///var/run/docker.sock", "tcp://10.0.0.5:2376"
COMPANY = "https://mirror.example.com"


@pytest.mark.parametrize(
    "mirror",
    ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000", "http://x.localhost"],
)
def test_an_engine_elsewhere_means_its_own_machine_by_localhost(mirror: str) -> None:
    assert within_reach([mirror, COMPANY], THERE) == (COMPANY,)
    assert within_reach([mirror, COMPANY], HERE) == (mirror, COMPANY)


def test_a_mirror_with_a_path_is_left_out() -> None:
    assert within_reach([f"{COMPANY}/hub", COMPANY], HERE) == (COMPANY,)
