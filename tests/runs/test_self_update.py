"""Watchweb's own update up to its helper: who may, when, and what the helper is. Real engines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.commands.installation import wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.images import LOOP, ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Stage, staged
from updates.models import Host, HostRun, Replacement, UpdateRun
from updates.runs import self_update
from updates.triggers import NothingToDo, trigger_self_update

SUBNET = {"Config": [{"Subnet": "10.213.0.0/24"}]}
# What a helper runs in these tests: the shell takes "executerun" and a number as its $0 and $1.
COMMAND = [*LOOP, "up", "--bind", "0.0.0.0:8000"]
IMAGE = ImageSpec(volumes=("/data",), labels={"of": "image"})
Pretend = Callable[[str], None]


@pytest.fixture(params=["lab_engine", "lab_engine_newer"])
def stage(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """On an engine below API 1.44, and on one above."""
    engine: Dockerd = request.getfixturevalue(request.param)
    with staged(engine) as made:
        yield made


@pytest.fixture
def pretend(settings: Settings, tmp_path: Path) -> Pretend:
    """Let this process look as if it ran in the container with this id."""

    def runs_in(container_id: str) -> None:
        settings.MOUNTINFO = tmp_path / "mountinfo"
        settings.MOUNTINFO.write_text(f"9 7 8:1 /containers/{container_id}/hosts /etc/hosts rw\n")

    return runs_in


@pytest.fixture
def own(stage: Stage, lab_registry: LabRegistry, pretend: Pretend) -> Json:
    """The container "watchweb" that this process seems to run in: its inspect document."""
    image = stage.fetch(lab_registry, "self/watchweb", IMAGE)
    stage.api.create_network("front", driver="bridge", ipam=SUBNET)
    endpoint = {"Aliases": ["dashboard"], "IPAMConfig": {"IPv4Address": "10.213.0.7"}}
    made = stage.create(
        image,
        "watchweb",
        Cmd=COMMAND,
        Env=["SECRET_KEY=s3cret-key"],
        Labels={"com.docker.compose.service": "web"},
        HostConfig={"NetworkMode": "front", "RestartPolicy": {"Name": "always"}},
        NetworkingConfig={"EndpointsConfig": {"front": endpoint}},
    )
    pretend(made)
    return stage.inspect(made)


def start(host: Host) -> UpdateRun:
    return trigger_self_update(host, source=UpdateRun.Trigger.COMMAND)


def refusal(host: Host) -> str:
    """Why nothing was written down, and no engine was told to do anything."""
    before = UpdateRun.objects.count()
    with pytest.raises(NothingToDo) as caught:
        start(host)
    assert UpdateRun.objects.count() == before
    return str(caught.value)


def helper_of(stage: Stage, run: UpdateRun) -> Json:
    return stage.inspect(f"watchweb-watchweb-helper-{run.pk}")


def test_the_helper_has_what_watchweb_has_and_none_of_its_names(stage: Stage, own: Json) -> None:
    run = start(stage.host)

    helper = helper_of(stage, run)
    part = run.host_runs.get()
    config, network = helper["Config"], helper["NetworkSettings"]["Networks"]["front"]
    assert helper["State"]["Running"]
    assert helper["Image"] == own["Image"]
    assert [helper["Path"], *helper["Args"]] == [*LOOP, "executerun", str(part.pk)]
    assert "SECRET_KEY=s3cret-key" in config["Env"]
    assert config["Labels"] == {
        "watchweb.helper": str(run.pk),
        "of": "image",
        "org.opencontainers.image.version": "1",
    }
    assert [one["Name"] for one in helper["Mounts"]] == [one["Name"] for one in own["Mounts"]]
    assert "dashboard" not in (network["Aliases"] or [])
    assert network["IPAddress"] not in ("", "10.213.0.7")
    assert helper["HostConfig"]["RestartPolicy"]["Name"] == "on-failure"
    assert stage.inspect("watchweb")["State"] == own["State"], "untouched so far"


def test_it_is_written_down_and_kept_for_the_helper_alone(stage: Stage, own: Json) -> None:
    run = start(stage.host)
    params, part = run.parameters(), run.host_runs.get()
    assert (run.kind, run.trigger, params.itself) == ("update", "command", True)
    assert params.names == ("lab/watchweb",)
    assert (part.state, part.started_at) == ("running", None)
    assert "s3cret-key" not in str(run.params)
    assert HostRun.objects.next_queued(stage.host.pk) is None
    assert "Other runs are still open" in refusal(stage.host)


def test_a_dismissed_helper_is_gone_and_the_volume_is_not(stage: Stage, own: Json) -> None:
    run = start(stage.host)
    self_update.dismiss(run.host_runs.get())
    assert stage.names() == ["watchweb"]
    assert own["Mounts"][0]["Name"] in [one["Name"] for one in stage.api.volumes()["Volumes"]]
    assert stage.output("watchweb", "touch /data/x && echo kept") == "kept"


def test_a_helper_that_fails_is_started_again_by_its_engine(
    stage: Stage, lab_registry: LabRegistry, pretend: Pretend
) -> None:
    image = stage.fetch(lab_registry, "self/watchweb", IMAGE)
    pretend(stage.create(image, "watchweb", Cmd=["/bin/sh", "-c", "sleep 2; exit 3", "up"]))
    run = start(stage.host)
    wait_until(lambda: helper_of(stage, run)["RestartCount"] > 0, 20, "it does not come back")


def test_a_helper_that_cannot_be_started_ends_the_run_with_the_reason(
    stage: Stage, lab_registry: LabRegistry, pretend: Pretend
) -> None:
    """It was not started by `up`, and the image has no such Python."""
    image = stage.fetch(lab_registry, "self/watchweb", IMAGE)
    old = stage.create(image, "watchweb")
    pretend(old)

    run = start(stage.host)

    part = run.host_runs.get()
    assert (run.state, part.state) == ("failed", "failed")
    assert part.error.startswith("The helper that would update Watchweb was not started: ")
    assert stage.names() == ["watchweb"]
    assert stage.inspect(old)["State"]["Running"]
    assert not Replacement.objects.exists()


def test_nothing_is_started_where_it_cannot_be(
    stage: Stage, lab_registry: LabRegistry, pretend: Pretend, settings: Settings
) -> None:
    settings.MOUNTINFO = Path("/nonexistent")
    assert "does not run in a container here" in refusal(stage.host)
    pretend("e" * 64)
    assert "not on this host" in refusal(stage.host)
    image = stage.fetch(lab_registry, "self/watchweb", IMAGE)
    off = stage.create(image, "watchweb", Labels={"watchweb.enable": "false"})
    pretend(off)
    assert refusal(stage.host) == "watchweb is left out: Its enable label is false."
    stage.host.enabled = False
    assert "not enabled" in refusal(stage.host)
    away = Host.objects.create(name="away", url="unix:///nonexistent.sock")
    assert "cannot be reached" in refusal(away)
    assert stage.names() == ["watchweb"]


def test_a_run_anywhere_is_waited_for(stage: Stage, own: Json) -> None:
    other = Host.objects.create(name="other", url="unix:///nonexistent.sock")
    run = UpdateRun.objects.create(kind="scan", trigger="page")
    HostRun.objects.create(run=run, host=other, state="running")
    assert "Other runs are still open" in refusal(stage.host)
    assert stage.names() == ["watchweb"]
