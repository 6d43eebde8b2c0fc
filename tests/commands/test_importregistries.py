"""A Docker config.json taken over: a line for each registry, and no secret in any of them."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from tests.commands.installation import Installation
from updates.models import Registry

pytestmark = pytest.mark.django_db
SECRET = "s3cret-of-mine"
TOKEN = "refresh-token-of-mine"


def basic(username: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


# As Docker Desktop and the clouds' own set-ups leave it on a machine.
CONFIG = {
    "auths": {
        "https://index.docker.io/v1/": basic("me", SECRET),
        "ghcr.io": basic("me-at-github", SECRET),
        "registry.example.com:5000": {"auth": "", "identitytoken": TOKEN},
        "quay.io": {},
    },
    "credHelpers": {"123456789012.dkr.ecr.eu-central-1.amazonaws.com": "ecr-login"},
    "HttpHeaders": {"User-Agent": "Docker-Client/27.0 (linux)"},
    "currentContext": "default",
}


class Told:
    """What the commands say."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.capsys = capsys

    def by(self, *options: str, config: Any = CONFIG) -> list[str]:
        self.path.write_text(json.dumps(config))
        call_command("importregistries", str(self.path), *options)
        said = "".join(self.capsys.readouterr())
        assert SECRET not in said
        assert TOKEN not in said
        assert base64.b64encode(SECRET.encode()).decode()[:12] not in said
        return said.splitlines()


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(tmp_path / "config.json", capsys)


def starting(lines: list[str], start: str) -> str:
    (line,) = [line for line in lines if line.startswith(start)]
    return line


def test_every_login_becomes_a_registry_of_its_kind(told: Told) -> None:
    lines = told.by()

    assert starting(lines, "Added: docker.io") == "Added: docker.io is asked as me."
    assert starting(lines, "Added: ghcr.io").endswith(" as me-at-github.")
    rows = {row.domain: row for row in Registry.objects.all()}
    assert set(rows) == {"docker.io", "ghcr.io", "registry.example.com:5000"}
    assert (rows["docker.io"].kind, rows["ghcr.io"].kind) == ("docker-hub", "github")
    assert (rows["ghcr.io"].username, rows["ghcr.io"].password) == ("me-at-github", SECRET)
    private = rows["registry.example.com:5000"]
    assert (private.kind, private.password, private.identity_token) == ("generic", "", TOKEN)


def test_what_cannot_be_imported_is_explained(told: Told) -> None:
    notes = [line for line in told.by() if line.startswith("Note: ")]

    assert any("dkr.ecr" in note and "ecr-login" in note for note in notes)


def test_the_second_time_nothing_changes(told: Told) -> None:
    told.by()

    lines = told.by()

    assert starting(lines, "Unchanged: ghcr.io")
    assert not [line for line in lines if line.startswith(("Added", "Changed"))]


def test_other_credentials_stay_unless_they_are_to_be_replaced(told: Told) -> None:
    Registry.objects.create(domain="ghcr.io", username="robot", password="another")

    lines = told.by()
    assert starting(lines, "Kept: ghcr.io")
    assert lines[-1].endswith(": --replace.")
    assert Registry.objects.get(domain="ghcr.io").username == "robot"

    assert starting(told.by("--replace"), "Changed: ghcr.io")
    row = Registry.objects.get(domain="ghcr.io")
    assert (row.username, row.password) == ("me-at-github", SECRET)


def test_what_else_is_saved_for_a_registry_stays(told: Told) -> None:
    Registry.objects.create(domain="ghcr.io", kind="generic", plain_http=True)
    Registry.objects.create(domain="lscr.io", username="me", password="another")

    assert starting(told.by(), "Changed: ghcr.io")

    row = Registry.objects.get(domain="ghcr.io")
    assert (row.plain_http, row.kind, row.username) == (True, "generic", "me-at-github")
    assert Registry.objects.get(domain="lscr.io").password == "another"


def test_an_identity_token_takes_the_place_of_a_password(told: Told) -> None:
    Registry.objects.create(domain="registry.example.com:5000", username="me", password="another")

    told.by("--replace")

    row = Registry.objects.get(domain="registry.example.com:5000")
    assert (row.password, row.identity_token) == ("", TOKEN)


def test_a_dry_run_says_the_same_and_saves_nothing(told: Told) -> None:
    lines = told.by("--dry-run")

    assert starting(lines, "Added: ghcr.io")
    assert starting(lines, "Nothing was saved")
    assert not Registry.objects.exists()


def test_a_login_that_cannot_work_is_left_out_and_the_others_are_not(told: Told) -> None:
    ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    config = {"auths": {ecr: basic("AWS", SECRET), "ghcr.io": basic("me", SECRET)}}

    lines = told.by(config=config)

    assert "twelve hours" in starting(lines, f"Left out: {ecr}: ")
    assert starting(lines, "Added: ghcr.io")
    assert not Registry.objects.filter(domain=ecr).exists()


def test_stdin_is_read_where_the_file_is_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(CONFIG)))

    call_command("importregistries", "-")

    assert Registry.objects.count() == 3


@pytest.mark.parametrize("text", ["", "not JSON", "[]", '{"auths": []}', "{}"])
def test_a_file_without_any_login_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(text)

    assert refused("importregistries", str(file)).startswith(f"{file}: ")
    assert not Registry.objects.exists()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "config.json"

    said = refused("importregistries", str(missing))

    assert said == f"{missing} cannot be read: No such file or directory."


def test_without_a_file_the_one_of_docker_login_is_taken(
    told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told.path.write_text(json.dumps(CONFIG))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    call_command("importregistries")
    assert Registry.objects.count() == 3

    monkeypatch.delenv("DOCKER_CONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert f"{tmp_path}/.docker/config.json cannot be read" in refused("importregistries")


def test_as_a_process_it_reads_a_pipe(installation: Installation) -> None:
    said = installation.manage("importregistries", "-", "--dry-run", stdin=json.dumps(CONFIG))

    assert "Added: ghcr.io is asked as me-at-github." in said
    assert SECRET not in said
    wrong = installation.run("importregistries", "-", stdin=SECRET)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.count("\n") == 1
    assert SECRET not in wrong.stderr
