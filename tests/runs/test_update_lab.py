"""Updates of real containers on a real engine, from real registries, seen in the rows."""

import json
import re
from dataclasses import replace

import docker
import pytest
from django.db import connection

from tests.lab.images import Blob, ImageSpec, build
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result
from updates.models import Container, ContainerResult, Replacement, RunEvent

ONE, TWO = ImageSpec(version="1"), ImageSpec(version="2")
KINDS = ("lab_registry", "lab_registry_tls", "lab_registry_htpasswd", "lab_registry_token")
SECOND_NS = 1_000_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_stale_container_is_found_and_recreated_on_the_new_image(
    kind: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    registry: LabRegistry = request.getfixturevalue(kind)
    stage.trust(registry)
    image = stage.fetch(registry, "kinds/app", ONE)
    old = stage.create(image, "app")
    digest = registry.push("kinds/app", "1", TWO)

    found = result(stage.scan(), "app")
    assert (found["state"], found["new_digest"], found["id"]) == ("stale", digest, old)
    assert stage.version_in(old) == "1", "a scan changes nothing"
    row = Container.objects.get(name="app")
    assert (row.has_update, row.remote_digest, row.container_id) == (True, digest, old)

    document = stage.update()
    done = result(document, "app")
    assert document["state"] == "finished"
    assert document["counts"]["updated"] == document["counts"]["scanned"] == 1
    assert (done["state"], done["id"], done["new_digest"]) == ("updated", old, digest)
    assert done["new_id"] == stage.inspect("app")["Id"] != old
    assert done["old_digest"] not in ("", digest)
    assert done["new_image_id"] == build(TWO).image_id != done["old_image_id"]
    assert done["seconds"] >= 1
    assert stage.version_in("app") == "2"
    assert stage.names() == ["app"]
    with pytest.raises(docker.errors.NotFound):
        stage.inspect(old)
    again = Container.objects.get(name="app")
    assert (again.pk, again.container_id) == (row.pk, done["new_id"])
    assert (again.status, again.local_digest) == (Container.Status.UP_TO_DATE, digest)
    assert again.updated_at is not None
    assert result(stage.scan(), "app")["state"] == "fresh"


def test_named_and_anonymous_volumes_keep_their_data(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    spec = replace(ONE, volumes=("/data",))
    image = stage.fetch(lab_registry, "volumes/db", spec)
    stage.create(image, "db", HostConfig={"Binds": ["kept-volume:/named"]})
    stage.output("db", "echo anonymous > /data/it; echo named > /named/it")
    before = {mount["Name"] for mount in stage.inspect("db")["Mounts"]}
    lab_registry.push("volumes/db", "1", replace(spec, version="2"))

    assert result(stage.update(), "db")["state"] == "updated"

    assert stage.output("db", "cat /data/it /named/it") == "anonymous\nnamed"
    assert {mount["Name"] for mount in stage.inspect("db")["Mounts"]} == before
    assert {volume["Name"] for volume in stage.api.volumes()["Volumes"]} == before


def test_a_container_with_a_healthcheck_is_updated_once_it_is_healthy(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    check = {"Test": ["CMD-SHELL", "test -f /version"], "Interval": SECOND_NS, "Retries": 2}
    spec = replace(ONE, healthcheck=check)
    stage.create(stage.fetch(lab_registry, "health/web", spec), "web")
    lab_registry.push("health/web", "1", replace(spec, version="2"))

    assert result(stage.update(gate_seconds=0), "web")["state"] == "updated"

    assert stage.inspect("web")["State"]["Health"]["Status"] == "healthy"
    assert stage.version_in("web") == "2"


BAD_IMAGES = {
    "it exits at once": (
        ImageSpec(version="2", cmd=("/bin/sh", "-c", "exit 3")),
        "exit code 3|keeps restarting",  # Whatever it is doing when it is looked at.
    ),
    "it is never healthy": (
        ImageSpec(
            version="2",
            healthcheck={
                "Test": ["CMD-SHELL", "exit 1"],
                "Interval": SECOND_NS // 5,
                "Timeout": SECOND_NS,
                "Retries": 2,
            },
        ),
        "healthcheck says unhealthy",
    ),
    "its command is missing": (ImageSpec(version="2", cmd=("/no/such",)), "/no/such"),
}


@pytest.mark.parametrize("case", BAD_IMAGES)
def test_a_bad_new_image_is_rolled_back_and_the_old_container_runs(
    case: str, stage: Stage, lab_registry: LabRegistry
) -> None:
    bad, why = BAD_IMAGES[case]
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "bad/app", ONE)
    policy = {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 4}}
    old = stage.create(image, "app", HostConfig=policy)
    lab_registry.push("bad/app", "1", bad)

    document = stage.update()

    done = result(document, "app")
    assert done["state"] == "rolled_back"
    assert re.search(why, done["reason"])
    assert document["counts"]["rolled_back"] == 1
    now = stage.inspect("app")
    assert (now["Id"], now["State"]["Running"]) == (old, True)
    assert now["HostConfig"]["RestartPolicy"] == policy["RestartPolicy"]
    assert stage.names() == ["app"]
    assert stage.version_in("app") == "1"
    journal = Replacement.objects.get()
    assert (journal.outcome, journal.old_id) == ("rolled_back", old)


def test_who_shares_a_recreated_network_is_restarted_with_it(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    parent = stage.create(stage.fetch(lab_registry, "shared/vpn", ONE), "vpn")
    image = stage.fetch(lab_registry, "shared/client", ONE)
    child = stage.create(image, "client", HostConfig={"NetworkMode": f"container:{parent}"})
    lab_registry.push("shared/vpn", "1", TWO)

    document = stage.update()

    assert result(document, "vpn")["state"] == "updated"
    restarted = result(document, "client")
    assert (restarted["state"], restarted["id"]) == ("restarted", child)
    now = stage.inspect("client")
    assert now["HostConfig"]["NetworkMode"] == f"container:{stage.inspect('vpn')['Id']}"
    assert now["State"]["Running"]
    assert now["Id"] == restarted["new_id"] != child


def test_a_stack_is_updated_in_the_order_of_its_dependencies(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "stack/all", ONE)
    for name, needs in {"web": "api", "api": "db,cache", "cache": "", "db": ""}.items():
        labels = {
            "com.docker.compose.project": "shop",
            "com.docker.compose.service": name,
            "com.docker.compose.depends_on": ",".join(
                f"{need}:service_started:false" for need in filter(None, needs.split(","))
            ),
        }
        stage.create(image, f"shop-{name}-1", Labels=labels)
    lab_registry.push("stack/all", "1", TWO)

    document = stage.update(gate_seconds=0)

    assert document["counts"]["updated"] == 4
    began = RunEvent.objects.filter(step="create").values_list("container", flat=True)
    order = [name.split("-")[1] for name in began]
    assert set(order[:2]) == {"db", "cache"}
    assert order[2:] == ["api", "web"]
    pulls = RunEvent.objects.filter(step="pull").count()
    assert pulls == 4, "each follower is told of the one pull"
    assert Container.objects.filter(stack="shop").count() == 4


def test_another_digest_of_the_same_image_is_pulled_once_and_never_again(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    old = stage.create(stage.fetch(lab_registry, "same/app", ONE), "app")
    image = build(ONE)
    spaced = json.dumps(json.loads(image.manifest.data), indent=1).encode()
    manifest = Blob.of(spaced, image.manifest.media_type)
    digest = lab_registry.push("same/app", "1", replace(image, manifest=manifest))

    done = result(stage.update(), "app")

    assert (done["state"], done["new_digest"]) == ("fresh", digest)
    assert done["reason"] == "The pull brought the same image."
    assert stage.inspect("app")["Id"] == old
    again = stage.update()
    assert result(again, "app")["state"] == "fresh"
    second = RunEvent.objects.filter(host_run__run=again["run"])
    assert not second.filter(step="pull").exists()


def test_the_progress_of_a_pull_is_in_the_result(stage: Stage, lab_registry: LabRegistry) -> None:
    stage.trust(lab_registry)
    stage.create(stage.fetch(lab_registry, "large/app", ONE), "app")
    lab_registry.push("large/app", "1", replace(TWO, ballast_bytes=3_000_000))

    stage.update()

    row = ContainerResult.objects.get(name="app")
    assert row.total_bytes >= 3_000_000
    assert row.pull_percent == 100


def test_the_journal_tells_what_was_there_and_hides_what_is_secret(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    spec = replace(ONE, volumes=("/data",))
    image = stage.fetch(lab_registry, "journal/db", spec)
    policy = {"RestartPolicy": {"Name": "always"}}
    stage.create(image, "db", Env=["DB_PASSWORD=hunter22"], HostConfig=policy)
    (mount,) = stage.inspect("db")["Mounts"]
    lab_registry.push("journal/db", "1", replace(spec, version="2"))

    done = result(stage.update(gate_seconds=0), "db")

    row = Replacement.objects.get()
    assert (row.old_image_id, row.new_image_id) == (done["old_image_id"], done["new_image_id"])
    assert (row.restart_policy, row.volumes) == ("always", {"/data": mount["Name"]})
    assert row.body["Image"] == image
    assert row.body["Env"] == row.snapshot["Config"]["Env"][:1] == ["DB_PASSWORD=hunter22"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_replacement")
        assert "hunter22" not in str(cursor.fetchall())
