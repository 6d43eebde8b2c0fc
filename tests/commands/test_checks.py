"""System checks of the settings for registries: silent by default, a sentence for each trouble."""

from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from pytest_django import Settings

from tests.commands import bundles
from tests.commands.installation import Installation
from updates.checks import (
    environment_credentials,
    insecure_registries,
    length_of_a_lease,
    registry_ca,
    short_api_token,
)

SECRET = "s3cret-of-mine"


@pytest.fixture(autouse=True)
def defaults(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WATCHWEB_REGISTRY_CA = ""
    settings.WATCHWEB_REGISTRY_CA_VALIDATE = False
    settings.WATCHWEB_INSECURE_REGISTRY = False
    settings.WATCHWEB_REPO_REGISTRIES = ["docker.io"]
    for name in ("REPO_USER", "REPO_PASS", "WATCHWEB_REPO_REGISTRIES"):
        monkeypatch.delenv(name, raising=False)


def the_one(found: list[CheckMessage]) -> CheckMessage:
    (message,) = found
    assert "\n" not in f"{message.msg}{message.hint or ''}"
    assert SECRET not in str(message)
    return message


def test_the_defaults_pass_the_check_of_a_deployment(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.env["WATCHWEB_HTTPS"] = "1"  # Without it Django itself warns, rightly.

    done = installation.run("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert registry_ca() == insecure_registries() == environment_credentials() == []


def test_an_unusable_bundle_is_an_error_where_it_is_validated(
    settings: Settings, tmp_path: Path
) -> None:
    settings.WATCHWEB_REGISTRY_CA = str(bundles.unusable(tmp_path))
    assert the_one(registry_ca()).id == "watchweb.W002"

    settings.WATCHWEB_REGISTRY_CA_VALIDATE = True
    assert the_one(registry_ca()).id == "watchweb.E003"

    bundles.usable(tmp_path)
    assert registry_ca() == []


def test_validation_of_nothing_is_an_error(settings: Settings) -> None:
    settings.WATCHWEB_REGISTRY_CA_VALIDATE = True

    assert the_one(registry_ca()).id == "watchweb.E003"


def test_insecure_registries_are_warned_of(settings: Settings) -> None:
    settings.WATCHWEB_INSECURE_REGISTRY = True

    assert the_one(insecure_registries()).id == "watchweb.W001"


@pytest.mark.parametrize(("name", "other"), [("USER", "PASS"), ("PASS", "USER")])
def test_half_a_login_is_warned_of(name: str, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"REPO_{name}", SECRET)

    message = the_one(environment_credentials())

    assert message.id == "watchweb.W003"
    assert f"REPO_{other}" in message.msg


def test_it_says_to_which_registries_the_login_goes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPO_USER", "me")
    monkeypatch.setenv("REPO_PASS", SECRET)

    message = the_one(environment_credentials())

    assert message.id == "watchweb.W004"
    assert message.msg == "REPO_USER and REPO_PASS go to docker.io, and nowhere else."
    assert "WATCHWEB_REPO_REGISTRIES" in str(message.hint)


def test_registries_that_were_named_are_no_warning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPO_USER", "me")
    monkeypatch.setenv("REPO_PASS", SECRET)
    monkeypatch.setenv("WATCHWEB_REPO_REGISTRIES", "ghcr.io,docker.io")
    settings.WATCHWEB_REPO_REGISTRIES = ["ghcr.io", "docker.io"]

    message = the_one(environment_credentials())

    assert message.id == "watchweb.I001"
    assert "ghcr.io, docker.io" in message.msg


@pytest.mark.parametrize("seconds", [0, 601])
def test_a_lease_has_a_length_that_clocks_can_be_told_from(
    settings: Settings, seconds: int
) -> None:
    settings.WATCHWEB_LEASE_SECONDS = seconds
    (error,) = length_of_a_lease()
    assert error.msg == f"WATCHWEB_LEASE_SECONDS is {seconds}: it may be 1 to 600."
    settings.WATCHWEB_LEASE_SECONDS = 600
    assert not length_of_a_lease()


@pytest.mark.parametrize(("token", "is_short"), [("", False), ("mytoken", True), ("x" * 16, False)])
def test_a_token_that_can_be_guessed_is_told_of(
    settings: Settings, token: str, is_short: bool
) -> None:
    settings.WATCHTOWER_HTTP_API_TOKEN = token
    found = short_api_token()
    assert bool(found) == is_short
    assert all(token not in str(message) for message in found)
