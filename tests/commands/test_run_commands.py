"""`scan` and `update`: exit codes, one document with --json, one line for wrong use."""

import json
from collections.abc import Iterator

import pytest
from django.core.management import load_command_class

from tests.commands.calls import refused
from tests.commands.installation import Installation
from tests.fakes.engine_server import EngineServer, Handler

COMMANDS = [
    "addhost",
    "addregistry",
    "demo",
    "executerun",
    "importregistries",
    "release",
    "rollback",
    "scan",
    "settings",
    "testregistry",
    "up",
    "update",
    "updateself",
]


def listing(request: Handler) -> None:
    container = {"Id": "a" * 64, "Names": ["/notes"], "Image": "notes:7", "ImageID": "sha256:n"}
    request.send_json([container | {"State": "running", "Status": "Up 1 second"}])


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineServer]:
    image = {"Id": "sha256:n", "RepoTags": ["notes:7"], "RepoDigests": [], "Size": 1}
    answers = {
        ("GET", "/containers/json"): listing,
        ("GET", "/images/json"): lambda request: request.send_json([image]),
    }
    with EngineServer(answers=answers) as server:
        yield server


@pytest.fixture(scope="module")
def installation(installation: Installation, engine: EngineServer) -> Installation:
    """It knows a host that answers and one that does not."""
    installation.manage("addhost", "alive", engine.url)
    installation.run("addhost", "dead", "unix:///nowhere.sock")
    return installation


@pytest.mark.parametrize("command", ["scan", "update"])
def test_json_is_one_document_and_nothing_else(command: str, installation: Installation) -> None:
    done = installation.run(command, "--host", "alive", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert (document["state"], document["trigger"]) == ("finished", "command")
    (container,) = document["containers"]
    assert (container["name"], container["state"]) == ("notes", "skipped")


def test_a_host_that_fails_is_in_the_document_and_the_exit_code_is_1(
    installation: Installation,
) -> None:
    done = installation.run("scan", "--json")

    assert done.returncode == 1
    document = json.loads(done.stdout)
    hosts = {part["host"]: part for part in document["hosts"]}
    assert "no such socket" in hosts["dead"]["error"]
    assert hosts["alive"]["state"] == "finished"
    assert "Traceback" not in done.stderr


def test_a_name_that_no_container_has_is_a_warning(installation: Installation) -> None:
    done = installation.run("scan", "notes", "alive/nots", "no*", "--host", "alive")

    assert done.returncode == 0
    assert "Warning: no container is named alive/nots." in done.stderr
    assert done.stderr.count("Warning: no container") == 1


def test_without_json_a_person_reads_a_table_and_the_story(installation: Installation) -> None:
    done = installation.run("scan", "--host", "alive")

    assert done.returncode == 0
    assert "notes" in done.stdout
    assert "1 skipped" in done.stdout
    assert "alive: Listed 1 containers and 1 images." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["scan", "--host", "nobody"], "There is no host 'nobody'"),
        (["update", "--stop-timeout", "soon"], "takes a duration such as 30, 30s or 2m."),
        (["scan", "--no-such-switch"], "unrecognized arguments"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    arguments: list[str], why: str, installation: Installation
) -> None:
    done = installation.run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_any_host_it_says_how_to_add_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Installation(tmp_path_factory.mktemp("empty"))
    empty.begin()

    done = empty.run("scan", "--json")

    assert (done.returncode, done.stdout) == (2, "")
    assert "addhost NAME URL" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_in_its_help(command: str) -> None:
    parser = load_command_class("updates", command).create_parser("manage.py", command)

    assert f"  manage.py {command}" in parser.format_help().partition("Examples:")[2]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["update", "--stop-timeout", "-1"], "takes a duration such as 30"),
        (["update", "--max-age", "-1"], "--max-age takes a number of seconds from 0"),
        (["scan", "--max-age", "-1"], "--max-age takes a number of seconds from 0"),
        (["scan", "--max-age", str(10**15)], "--max-age takes a number of seconds from 0"),
        (["scan", "--regex", "web", "("], "not a regular expression"),
        (["update", "--regex", "-x", "["], "not a regular expression"),
        (["scan", "--enable-containers-by-label", "=1"], "takes pairs of the form key=value"),
        (["up", "--bind", "8000"], "--bind takes HOST:PORT"),
        (["up", "--bind", "127.0.0.1:0"], "--bind takes HOST:PORT"),
        (["up", "--bind", "203.0.113.1:8000"], "cannot assign requested address"),
        (["up", "--workers", "0"], "--workers takes a number from 1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(db: None, arguments: list[str], why: str) -> None:
    assert why in refused(*arguments)
