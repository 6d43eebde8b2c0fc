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


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("docker.io", "docker-hub"),
        ("ghcr.io", "github"),
        ("registry.gitlab.com", "gitlab"),
        ("team.azurecr.io", "azure"),
        ("registry.example.com", "generic"),
    ],
)
def test_a_new_registry_is_of_the_kind_that_its_domain_tells(
    db: None, domain: str, kind: str
) -> None:
    call_command("addregistry", domain)

    assert Registry.objects.get().kind == kind


def test_a_kind_is_told_or_stays(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("addregistry", "registry.example.com", "--kind", "harbor")
    assert "Its kind is Harbor." in capsys.readouterr().out
    call_command("addregistry", "registry.example.com")

    assert Registry.objects.get().kind == "harbor", "what is not given stays"


def test_a_kind_that_there_is_not_is_one_line_that_names_them(installation: Installation) -> None:
    said = installation.run("addregistry", "ghcr.io", "--kind", "nexus")

    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "invalid choice: 'nexus'" in said.stderr
    assert "harbor" in said.stderr


def test_the_workers_role_is_named_where_nothing_else_is_used(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("addregistry", "123456789012.dkr.ecr.eu-central-1.amazonaws.com")

    assert "the role of the machine" in capsys.readouterr().out


def test_what_its_kind_cannot_use_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SECRET)

    said = refused("addregistry", "europe-docker.pkg.dev", "--password-stdin")

    assert said.startswith("password: ")
    assert SECRET not in said
    assert not Registry.objects.exists()


def test_an_identity_token_comes_from_stdin_and_takes_the_passwords_place(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Registry.objects.create(domain="registry.example.com", username="me", password="another")
    given(monkeypatch, f"{SECRET}\n")

    call_command("addregistry", "registry.example.com", "--identity-token-stdin")

    row = Registry.objects.get()
    assert (row.identity_token, row.password) == (SECRET, "")
    assert SECRET not in "".join(capsys.readouterr())
    given(monkeypatch, "another")
    call_command("addregistry", "registry.example.com", "--password-stdin")
    row = Registry.objects.get()
    assert (row.identity_token, row.password) == ("", "another")


def test_an_empty_stdin_is_refused_unless_the_user_is_taken_away(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Registry.objects.create(domain="ghcr.io", username="me", password=SECRET)
    for option in ("--password-stdin", "--identity-token-stdin"):
        given(monkeypatch, "\n")
        assert refused("addregistry", "ghcr.io", option) == "Nothing came from stdin."
    assert Registry.objects.get().password == SECRET

    given(monkeypatch, "")
    call_command("addregistry", "ghcr.io", "--username", "", "--password-stdin")

    assert Registry.objects.get().credentials() is None


def test_a_client_certificate_is_saved_with_its_key(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate, key = Authority().client(tmp_path)

    call_command(
        "addregistry", "registry.example.com",
        "--client-cert", str(certificate), "--client-key", str(key),
    )  # fmt: skip

    row = Registry.objects.get()
    assert (row.client_cert, row.client_key) == (certificate.read_text(), key.read_text())
    assert row.client_expires_at
    assert "PRIVATE KEY" not in "".join(capsys.readouterr())


def test_half_a_client_certificate_is_refused(db: None, tmp_path: Path) -> None:
    certificate, key = Authority().client(tmp_path)

    for option, half in (("--client-cert", certificate), ("--client-key", key)):
        said = refused("addregistry", "registry.example.com", option, str(half))
        assert "belong together" in said


def test_a_key_of_another_certificate_is_refused_and_never_shown(db: None, tmp_path: Path) -> None:
    certificate, _ = Authority().client(tmp_path / "one")
    _, key = Authority().client(tmp_path / "two")

    said = refused(
        "addregistry", "registry.example.com",
        "--client-cert", str(certificate), "--client-key", str(key),
    )  # fmt: skip

    assert said.startswith("client_cert: ")
    assert "does not belong" in said
    assert key.read_text().splitlines()[1] not in said


def test_token_hosts_are_given_one_by_one(db: None) -> None:
    call_command(
        "addregistry", "registry.example.com",
        "--realm-host", "sso.example.com", "--realm-host", "auth.example.com:8443",
    )  # fmt: skip
    call_command("addregistry", "registry.example.com")

    assert Registry.objects.get().realm_hosts == "sso.example.com auth.example.com:8443"


def test_a_secret_that_is_no_text_is_one_line_without_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(SECRET.encode() + b"\xff"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", pipe)

    said = refused("addregistry", "ghcr.io", "--username", "me", "--password-stdin")

    assert said == "What came from stdin is no text."


def test_only_one_secret_comes_from_stdin(installation: Installation) -> None:
    said = installation.run("addregistry", "ghcr.io", "--password-stdin", "--identity-token-stdin")

    assert said.returncode == 2
    assert said.stderr.count("\n") == 1
    assert "not allowed with" in said.stderr
