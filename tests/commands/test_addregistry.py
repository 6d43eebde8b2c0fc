"""Registries by command: a bad PEM is refused with its reason, a password is never shown."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from tests.commands.installation import Installation
from tests.lab.authority import Authority
from tests.registry.certificate_files import KEY_PEM
from updates.models import Registry

SECRET = "s3cret-of-mine"


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize(
    ("text", "why"), [("hello", "PEM"), (KEY_PEM, "private key"), ("", "is empty")]
)
def test_a_bad_ca_is_refused_with_the_reason(db: None, text: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(text or "\n")

    said = refused("addregistry", "registry.example.com", "--ca-file", str(file), "--trust", "ca")

    assert said.startswith("ca_pem: ")
    assert why in said
    assert not Registry.objects.exists()


def test_a_file_that_is_no_text_is_refused(db: None, tmp_path: Path) -> None:
    file = tmp_path / "ca.der"
    file.write_bytes(b"\x30\x82\xff\xfe")

    said = refused("addregistry", "registry.example.com", "--ca-file", str(file))

    assert said == f"{file} is not a text file; PEM is asked for."


@pytest.mark.parametrize("domain", ["https://ghcr.io", "ghcr.io/team", "ghcr", ""])
def test_a_domain_that_no_image_name_starts_with_is_refused(db: None, domain: str) -> None:
    assert refused("addregistry", domain).startswith("domain: ")


def test_a_user_without_a_password_is_refused(db: None) -> None:
    said = refused("addregistry", "ghcr.io", "--username", "me")

    assert said == "A user name and its password belong together: give both."


def test_a_ca_is_trusted_beside_the_systems(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(Authority().ca_pem)

    call_command("addregistry", "registry.example.com", "--ca-file", str(file))

    assert Registry.objects.get().trust == "system+ca"
    assert capsys.readouterr().out == "Added registry registry.example.com.\n"


def test_what_is_insecure_is_called_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("addregistry", "127.0.0.1:5000", "--insecure")

    assert "It is insecure." in capsys.readouterr().out


def test_a_password_comes_from_stdin_alone_and_is_never_shown(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, f"{SECRET}\n")
    call_command("addregistry", "ghcr.io", "--username", "me", "--password-stdin")
    registry = Registry.objects.get()
    assert (registry.username, registry.password) == ("me", SECRET)
    assert SECRET not in "".join(capsys.readouterr())

    given(monkeypatch, "")
    call_command("addregistry", "ghcr.io", "--username", "you")
    assert Registry.objects.get().password == SECRET, "what is not given stays"


def test_there_is_no_option_that_takes_a_password(installation: Installation) -> None:
    said = installation.run("addregistry", "ghcr.io", "--password", SECRET)

    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "--password-stdin" in installation.manage("addregistry", "--help")
