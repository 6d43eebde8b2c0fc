"""Hosts by command: one line for what is wrong, and nothing saved then."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from tests.fakes.engine_server import LISTED, EngineServer
from tests.lab.authority import Authority
from updates.models import Host

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "url", ["nas", "http://", "ftp://nas:2375", "unix://", "tcp://nas:port", "tcp://"]
)
def test_an_address_that_no_engine_has_is_refused(url: str) -> None:
    assert refused("addhost", "nas", url).startswith("url: ")
    assert not Host.objects.exists()


@pytest.mark.parametrize("name", ["two words", "a/b", ""])
def test_a_name_that_is_not_short_is_refused(name: str) -> None:
    assert refused("addhost", name, "unix:///run/docker.sock").startswith("name: ")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "ca.pem"

    said = refused("addhost", "nas", "tcp://nas:2376", "--tls-ca", str(missing))

    assert said == f"{missing} cannot be read: No such file or directory."


def test_a_ca_that_is_none_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("rubbish")
    said = refused("addhost", "nas", "tcp://10.0.0.5:2376", "--tls-ca", str(tmp_path / "ca.pem"))
    assert "tls_ca: This is no CA certificate" in said
    assert not Host.objects.exists()


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    certificate, key = Authority().client(tmp_path)

    for option, half in (("--tls-cert", certificate), ("--tls-key", key)):
        said = refused("addhost", "nas", "tcp://nas:2376", option, str(half))
        assert said == "A client certificate and its key belong together: give both."
    assert not Host.objects.exists()


def test_a_host_that_does_not_answer_is_added_with_a_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("addhost", "nas", "unix:///nowhere.sock")

    host = Host.objects.get()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip() == f"Added host nas, but: {host.last_error}"
    assert "there is no such socket" in host.last_error


def test_a_host_that_answers_is_added_and_changed(capsys: pytest.CaptureFixture[str]) -> None:
    with EngineServer(answers=dict(LISTED)) as server:
        call_command("addhost", "nas", server.url, "--queue", "cellar")
        said = capsys.readouterr()
        assert said.out.startswith("Added host nas: Docker 99.0, API ")
        assert said.err.startswith("Warning: Not encrypted")
        call_command("addhost", "nas", server.url)
        assert capsys.readouterr().out.startswith("Changed host nas: ")

    host = Host.objects.get()
    assert host.last_seen_at
    assert host.queue == "cellar", "what is not given stays"
