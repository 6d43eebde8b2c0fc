"""--registry-ca, --registry-ca-validate, --insecure-registry: one line, and nothing is done."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.commands import bundles
from tests.commands.calls import refused
from tests.commands.installation import Installation
from tests.lab.ports import free_port
from updates.management.supervisor import children
from updates.models.trust import trust_defaults

VALIDATE = "--registry-ca-validate"


@pytest.fixture(autouse=True)
def defaults(settings: Settings) -> None:
    """The options change the settings; these are put back."""
    settings.WATCHWEB_REGISTRY_CA = ""
    settings.WATCHWEB_REGISTRY_CA_VALIDATE = False
    settings.WATCHWEB_INSECURE_REGISTRY = False


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    """Nothing was set up, not even its data folder."""
    return Installation(tmp_path)


@pytest.fixture(params=["up", "scan", "update"])
def command(request: pytest.FixtureRequest) -> list[str]:
    """Each of the three that have the options."""
    bind = ["--bind", f"127.0.0.1:{free_port()}"] if request.param == "up" else []
    return [request.param, *bind]


@pytest.mark.parametrize(("text", "why"), bundles.UNUSABLE.values(), ids=bundles.UNUSABLE)
def test_validation_refuses_a_bundle_with_its_reason(
    command: list[str], text: str, why: str, tmp_path: Path
) -> None:
    path = bundles.written(tmp_path, text)

    said = refused(*command, "--registry-ca", str(path), VALIDATE)

    assert why in said
    assert str(path) in said


def test_validation_refuses_a_folder(command: list[str], tmp_path: Path) -> None:
    assert "is a folder" in refused(*command, "--registry-ca", str(tmp_path), VALIDATE)


def test_validation_without_a_bundle_says_how_to_give_one(command: list[str]) -> None:
    said = refused(*command, VALIDATE)

    assert said == (
        "--registry-ca-validate needs something to validate: give --registry-ca FILE, "
        "or set WATCHWEB_REGISTRY_CA."
    )


def test_the_settings_alone_are_validated_too(
    command: list[str], settings: Settings, tmp_path: Path
) -> None:
    settings.WATCHWEB_REGISTRY_CA_VALIDATE = True
    assert "names no file" in refused(*command)

    settings.WATCHWEB_REGISTRY_CA = str(tmp_path / "missing.pem")
    assert "does not exist" in refused(*command)

    settings.WATCHWEB_REGISTRY_CA = str(bundles.unusable(tmp_path))
    assert "is not PEM" in refused(*command)


def test_a_file_that_does_not_exist_is_wrong_use_without_validation_too(
    command: list[str], tmp_path: Path
) -> None:
    missing = tmp_path / "missing.pem"

    said = refused(*command, "--registry-ca", str(missing))

    assert said == f"--registry-ca: there is no file {missing}."


def test_the_refusal_is_the_only_line_and_nothing_was_set_up(
    command: list[str], empty: Installation, tmp_path: Path
) -> None:
    path = bundles.unusable(tmp_path)

    done = empty.run(*command, "--registry-ca", str(path), VALIDATE, "--insecure-registry")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "is not PEM" in done.stderr
    assert not list(empty.data.glob("*.sqlite3")), "no database was made"


def test_validation_by_the_environment_stops_a_cluster_that_is_started_by_itself(
    empty: Installation, tmp_path: Path
) -> None:
    path = bundles.unusable(tmp_path)
    env = {"WATCHWEB_REGISTRY_CA": str(path), "WATCHWEB_REGISTRY_CA_VALIDATE": "1"}

    done = empty.run("qcluster", env=env)

    assert done.returncode != 0
    assert "watchweb.E003" in done.stderr
    assert "is not PEM" in done.stderr


def test_without_validation_a_bad_bundle_is_one_warning_and_left_out(
    db: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = bundles.unusable(tmp_path)

    assert "There is no enabled host" in refused("scan", "--registry-ca", str(path))

    said = capsys.readouterr().err
    assert said.startswith(f"Warning: WATCHWEB_REGISTRY_CA ({path}): ")
    assert said.endswith(" It is left out.\n")
    assert said.count("\n") == 1
    assert trust_defaults().ca_pem == ""
    assert not caplog.records, "it is not said twice"


def test_a_good_bundle_is_trusted_without_a_word(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bundles.usable(tmp_path)

    refused("scan", "--registry-ca", str(path), VALIDATE)

    assert trust_defaults().ca_pem.startswith("-----BEGIN CERTIFICATE-----")
    assert capsys.readouterr().err == ""


def test_an_option_wins_over_the_setting(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.WATCHWEB_REGISTRY_CA = str(tmp_path / "missing.pem")

    said = refused("scan", "--registry-ca", str(bundles.usable(tmp_path)), VALIDATE)

    assert "There is no enabled host" in said


def test_insecure_is_one_warning(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    refused("scan", "--insecure-registry")

    said = capsys.readouterr().err
    assert said.startswith("Warning: WATCHWEB_INSECURE_REGISTRY is on: ")
    assert said.count("\n") == 1
    assert trust_defaults().insecure


def test_the_children_of_up_get_the_settings_with_an_absolute_path(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.WATCHWEB_REGISTRY_CA = "ca.pem"
    settings.WATCHWEB_REGISTRY_CA_VALIDATE = True

    for child in children("127.0.0.1:8000", 2):
        assert child.env["WATCHWEB_REGISTRY_CA"] == str(tmp_path / "ca.pem")
        assert child.env["WATCHWEB_REGISTRY_CA_VALIDATE"] == "1"
        assert child.env["WATCHWEB_INSECURE_REGISTRY"] == "0"
