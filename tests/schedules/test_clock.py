"""One clock of a machine looks; another takes over when it is gone."""

from pathlib import Path

from updates.schedules.clock import _is_held


def test_the_lock_is_one_clocks_until_it_ends(tmp_path: Path) -> None:
    lock = tmp_path / "clock.lock"
    with lock.open("w") as first, lock.open("w") as second:
        assert _is_held(first)
        assert not _is_held(second)
        first.close()
        assert _is_held(second)
