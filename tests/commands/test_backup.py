"""A backup is of one moment; a restore refuses what it cannot take over, and keeps what was."""

import shutil
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.installation import Installation, answers, wait_until
from tests.lab.ports import free_port

NAME = "a backup.sqlite3"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """With a backup of its one host, "then"; it has another one since, "since"."""
    model = Installation(tmp_path_factory.mktemp("model"))
    model.begin()
    model.manage("addhost", "then", "unix:///then.sock")
    model.manage("backup", str(model.data / NAME))
    model.manage("addhost", "since", "unix:///since.sock")
    return model


@pytest.fixture
def installation(tmp_path: Path, model: Installation) -> Installation:
    shutil.copytree(model.data, tmp_path / "data", ignore=shutil.ignore_patterns(NAME))
    return Installation(tmp_path)


@pytest.fixture
def file(tmp_path: Path, model: Installation) -> Path:
    return Path(shutil.copy2(model.data / NAME, tmp_path / NAME))


def hosts(database: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM updates_host")]


def present(installation: Installation) -> Path:
    return installation.data / "watchweb.sqlite3"


def kept(installation: Installation) -> list[Path]:
    return list(installation.data.glob("*.before-restore"))


def wrong(installation: Installation, *arguments: str) -> str:
    """What a command that is refused says: one line, exit code 2."""
    done = installation.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
    return done.stderr


def test_a_backup_is_one_file_for_its_owner_alone(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / NAME

    installation.manage("backup", str(file))

    assert sorted(hosts(file)) == ["since", "then"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_says_that_the_keys_are_to_be_kept(
    installation: Installation, tmp_path: Path
) -> None:
    said = installation.manage("backup", str(tmp_path / "b"))

    assert f"encryption_key and secret_key from {installation.data}" in said
    assert (installation.data / "encryption_key").read_text() not in said


def test_a_backup_replaces_a_file_only_by_force(installation: Installation, file: Path) -> None:
    assert "--force" in wrong(installation, "backup", str(file))
    assert hosts(file) == ["then"]

    installation.manage("backup", "--force", str(file))

    assert sorted(hosts(file)) == ["since", "then"]


def test_a_backup_of_nothing_or_to_nowhere_is_one_line(
    installation: Installation, tmp_path: Path
) -> None:
    said = wrong(installation, "backup", str(tmp_path / "no" / "b"))
    assert "cannot be written: no such file or directory." in said
    assert "is the database itself" in wrong(
        installation, "backup", "--force", str(present(installation))
    )
    empty = Installation(tmp_path / "empty")
    (tmp_path / "empty").mkdir()
    assert "cannot be saved" in wrong(empty, "backup", str(tmp_path / "b"))


def test_a_backup_is_whole_while_somebody_writes(
    installation: Installation, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(present(installation), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE updates_host SET name = name || '-half'")
        installation.manage("backup", str(tmp_path / "b"))
        writer.execute("ROLLBACK")

    assert sorted(hosts(tmp_path / "b")) == ["since", "then"]


def test_a_restore_brings_the_backup_and_keeps_what_was(
    installation: Installation, file: Path
) -> None:
    said = installation.manage("restore", str(file))

    assert hosts(present(installation)) == ["then"]
    [aside] = kept(installation)
    assert sorted(hosts(aside)) == ["since", "then"]
    assert str(aside) in said
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    installation.manage("addhost", "later", "unix:///later.sock")
    assert hosts(file) == ["then"], "the backup itself is not worked on"


def test_a_restore_into_an_empty_folder_makes_everything(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Installation(tmp_path / "other")

    done = other.run("restore", str(file))

    assert done.returncode == 0, done.stderr
    assert hosts(present(other)) == ["then"]
    assert not kept(other)


def test_a_damaged_database_is_moved_aside(installation: Installation, file: Path) -> None:
    present(installation).write_bytes(b"rubbish" * 999)

    installation.manage("restore", str(file))

    assert hosts(present(installation)) == ["then"]
    assert kept(installation)[0].read_bytes().startswith(b"rubbish")


def test_an_older_backup_is_migrated(installation: Installation, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE updates_heartbeat")
        connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        connection.execute("DROP TABLE django_session")

    installation.manage("restore", str(file))

    with closing(sqlite3.connect(present(installation))) as connection:
        assert connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:40960])


def _strange(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE django_migrations (app, name)")


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('updates', '9999_later', '2030-01-01')"
        )


SPOILT = {
    "is no SQLite database": lambda file: file.write_text("-- PostgreSQL database dump"),
    "cannot be read: no such file": lambda file: file.unlink(),
    "damaged|malformed": _cut,
    "is no database of Watchweb's": _strange,
    r"newer Watchweb \(it has updates.9999_later\)": _newer,
}


@pytest.mark.parametrize("why", SPOILT)
def test_what_cannot_be_taken_over_is_refused(
    why: str, installation: Installation, file: Path
) -> None:
    SPOILT[why](file)

    with pytest.raises(AssertionError, match=why):
        installation.manage("restore", str(file))

    wrong(installation, "restore", str(file))
    assert sorted(hosts(present(installation))) == ["since", "then"]
    assert not kept(installation)


@pytest.fixture(params=["up", "qcluster"])
def busy(request: pytest.FixtureRequest, installation: Installation) -> Iterator[Installation]:
    """Something works on the database, and has done so for a while."""
    bind = f"127.0.0.1:{free_port()}"
    command = ("up", "--bind", bind) if request.param == "up" else ("qcluster",)
    with installation.running(*command, WATCHWEB_WORKERS="1") as process:
        if request.param == "up":
            wait_until(lambda: answers(bind), 60, "it answers")
        else:
            wait_until(lambda: _is_open(present(installation)), 30, "it uses the database")
        yield installation
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _is_open(database: Path) -> bool:
    return database.with_name(f"{database.name}-shm").exists()


def test_a_database_in_use_is_not_replaced(busy: Installation, file: Path) -> None:
    for _ in range(3):
        said = wrong(busy, "restore", str(file))
        assert "is in use: stop Watchweb (up, qcluster) first." in said
    assert sorted(hosts(present(busy))) == ["since", "then"]
    assert not kept(busy)


def test_secrets_of_another_key_are_warned_of(
    installation: Installation, file: Path, tmp_path: Path
) -> None:
    installation.manage(
        "addregistry", "r.example", "--username=u", "--password-stdin", stdin="secret\n"
    )
    installation.manage("backup", "--force", str(file))
    (installation.data / "encryption_key").unlink()

    done = installation.run("restore", str(file))

    assert done.returncode == 0
    assert "Put back the encryption_key file it was saved with" in done.stderr


WAITING = """
from django_q.models import OrmQ
from updates.models import Host
from updates.triggers import trigger_run
from updates.flow.session import Params
trigger_run(Host.objects.all(), Params(), source="page")
OrmQ.objects.update(lock="2099-01-01T00:00Z")
"""
QUEUE = "from django_q.models import OrmQ; print([one.lock.year for one in OrmQ.objects.all()])"


def test_what_waited_is_queued_again(installation: Installation, file: Path) -> None:
    installation.manage("shell", "-v0", "-c", WAITING)
    installation.manage("backup", "--force", str(file))

    said = installation.manage("restore", str(file))

    assert "go on with the next start: 2." in said
    years = installation.manage("shell", "-v0", "-c", QUEUE)
    assert "2099" not in years
    assert years.count("20") == 2
