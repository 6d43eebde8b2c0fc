"""Keys are made once, for their owner alone, and are the same for all who start together."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from tests.commands.installation import CHECKOUT
from watchweb import keys

MAKE = "import sys, pathlib; from watchweb import keys; sys.stdin.read(); "
MAKE += "print(keys.secret_key(pathlib.Path(sys.argv[1])))"


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = keys.secret_key(tmp_path)

    assert keys.secret_key(tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert keys.encryption_keys(tmp_path) == keys.encryption_keys(tmp_path)
    assert (tmp_path / "encryption_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encryption_key", "secret_key"]


def test_processes_that_start_together_have_the_same_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path)]
    started = [
        subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [process.communicate("go", timeout=30)[0] for process in started]

    assert len(set(said)) == 1
    assert said[0].strip() == (tmp_path / "secret_key").read_text()


def test_a_given_key_is_taken_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    file = tmp_path / "keys"
    new, old = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    file.write_text(f"{new}\n{old}\n")
    monkeypatch.setenv("WATCHWEB_ENCRYPTION_KEYS_FILE", str(file))

    assert keys.secret_key(tmp_path) == "given"
    assert keys.encryption_keys(tmp_path) == [new, old]
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_key_that_is_none_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHWEB_ENCRYPTION_KEYS", "not-a-key")
    with pytest.raises(ImproperlyConfigured, match="not a Fernet key") as caught:
        keys.encryption_keys(tmp_path)
    assert "not-a-key" not in str(caught.value)

    monkeypatch.delenv("WATCHWEB_ENCRYPTION_KEYS")
    monkeypatch.setenv("WATCHWEB_ENCRYPTION_KEYS_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        keys.encryption_keys(tmp_path)


def test_a_value_that_names_a_file_stands_for_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text("of-the-file\n")
    for value, token in (
        (str(file), "of-the-file"),
        ("/not/a/file", "/not/a/file"),
        ("plain", "plain"),
        ("", ""),
    ):
        monkeypatch.setenv("WATCHTOWER_HTTP_API_TOKEN", value)
        assert keys.given_or_in_file("WATCHTOWER_HTTP_API_TOKEN") == token


def test_a_named_file_that_is_no_text_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"secret\xff")
    monkeypatch.setenv("WATCHTOWER_HTTP_API_TOKEN", str(file))
    with pytest.raises(ImproperlyConfigured, match="cannot be read") as refused:
        keys.given_or_in_file("WATCHTOWER_HTTP_API_TOKEN")
    assert "secret" not in str(refused.value)
