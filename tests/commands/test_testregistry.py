"""`testregistry`: each step of the way in, against the real registry behind TLS and tokens."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.commands import bundles
from tests.commands.calls import refused
from tests.commands.installation import Installation
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from updates.models import Registry, RemoteDigest
from updates.registry.probing.probe import ProbeStep

ANSI = "\x1b["


@pytest.fixture(scope="module")
def registry(lab_registry_token: LabRegistry) -> LabRegistry:
    """Behind TLS with a private CA, and a token service."""
    lab_registry_token.push("team/tried", "1", ImageSpec("1"))
    return lab_registry_token


@pytest.fixture(scope="module")
def known(installation: Installation, registry: LabRegistry) -> Installation:
    """It has the registry's CA, user name and password."""
    installation.trust(registry)
    return installation


def realm_of(registry: LabRegistry) -> str:
    """The address of its token service."""
    assert registry.token_server
    return registry.token_server.realm


def test_a_registry_that_is_right_passes_every_step(
    known: Installation, registry: LabRegistry
) -> None:
    done = known.run("testregistry", registry.address, "--image", "team/tried:1")

    assert done.returncode == 0, done
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    words = [line.split()[:2] for line in lines]
    assert [step for _, step in words] == [step.value for step in ProbeStep]
    assert {outcome for outcome, _ in words} <= {"ok", "warning"}, done.stdout
    assert "Watchweb lab" in done.stdout, "the chain of certificates"
    assert f"Realm: {realm_of(registry)}" in done.stdout
    assert registry.password not in done.stdout
    assert ANSI not in done.stdout


def test_json_is_one_document(known: Installation, registry: LabRegistry) -> None:
    image = f"{registry.address}/team/tried:1"

    document = known.document("testregistry", registry.address, "--image", image)

    assert (document["registry"], document["image"], document["ok"]) == (
        registry.address,
        image,
        True,
    )
    assert [step["step"] for step in document["steps"]] == [step.value for step in ProbeStep]
    assert all(step["sentence"] and step["seconds"] >= 0 for step in document["steps"])
    realm = {"label": "Realm", "value": realm_of(registry)}
    assert realm in [detail for step in document["steps"] for detail in step["details"]]
    assert registry.password not in json.dumps(document)


def test_a_wrong_password_fails_and_the_exit_code_says_so(
    known: Installation, registry: LabRegistry, tmp_path: Path
) -> None:
    other = Installation(tmp_path)
    other.begin()
    other.trust(registry)
    login = ("addregistry", registry.address, "--username", "robot", "--password-stdin")
    other.manage(*login, stdin="not-the-password")

    done = other.run("testregistry", registry.address, "--image", "team/tried:1")

    assert done.returncode == 1
    outcomes = dict(line.split()[1::-1] for line in done.stdout.splitlines() if line[0] != " ")
    assert (outcomes["token"], outcomes["manifest"]) == ("failed", "skipped")
    assert "not-the-password" not in done.stdout + done.stderr


def test_it_signs_in_with_the_login_of_the_environment_as_a_check_does(
    registry: LabRegistry, tmp_path: Path
) -> None:
    installation = Installation(tmp_path)
    installation.begin()
    ca = bundles.written(tmp_path, registry.ca_pem)
    installation.manage("addregistry", registry.address, "--ca-file", str(ca))
    attempt = ("testregistry", registry.address, "--image", "team/tried:1")
    env = {"REPO_USER": registry.username, "REPO_PASS": registry.password}

    assert installation.run(*attempt, env=env).returncode == 1, "it is Docker Hub's alone"
    done = installation.run(*attempt, env=env | {"WATCHWEB_REPO_REGISTRIES": registry.address})

    assert done.returncode == 0, done
    assert f"as {registry.username}" in done.stdout
    assert registry.password not in done.stdout + done.stderr


def test_a_registry_that_nobody_saved_is_tried_too(
    installation: Installation, lab_registry_tls: LabRegistry
) -> None:
    done = installation.run("testregistry", lab_registry_tls.address, "--json")

    assert done.returncode == 1, "its CA is unknown"
    document = json.loads(done.stdout)
    assert (document["ok"], document["image"]) == (False, None)
    steps = {step["step"]: step["outcome"] for step in document["steps"]}
    assert (steps["tls"], steps["ping"]) == ("failed", "skipped")


@pytest.mark.django_db
def test_what_was_tried_is_not_saved(lab_registry: LabRegistry) -> None:
    with pytest.raises(SystemExit):
        call_command("testregistry", lab_registry.address)

    assert not Registry.objects.exists()


@pytest.mark.django_db
def test_an_image_that_was_checked_is_the_default(
    lab_registry: LabRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    lab_registry.push("team/tried", "1", ImageSpec("1"))
    Registry.objects.create(domain=lab_registry.address, plain_http=True)
    image = f"{lab_registry.address}/team/tried:1"
    RemoteDigest.objects.create(reference=f"{lab_registry.address}x/team/other:1")
    RemoteDigest.objects.create(reference=image)

    call_command("testregistry", lab_registry.address, "--json")

    assert json.loads(capsys.readouterr().out)["image"] == image


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["https://ghcr.io"], "domain: "),
        (["ghcr.io", "--image", "Team/App"], "--image: "),
        (["ghcr.io", "--image", "lscr.io/team/app"], "is an image of lscr.io"),
        (["docker.io", "--image", "ghcr.io/team/app"], "is an image of ghcr.io"),
    ],
)
def test_wrong_use_is_refused(arguments: list[str], why: str) -> None:
    assert why in refused("testregistry", *arguments)
