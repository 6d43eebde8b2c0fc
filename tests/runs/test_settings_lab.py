"""What settings do on a real engine: set in rows, by labels, and by the run itself."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Stage, result
from updates.models import Container, HostRun, Policy, Registry, Replacement, RunEvent, SeenDigest

ONE, TWO = ImageSpec(version="1"), ImageSpec(version="2")
WATCHTOWER = "com.centurylinklabs.watchtower."


def stale(stage: Stage, registry: LabRegistry, name: str = "web", **config: Any) -> str:
    """A running container whose registry has another image. Its id."""
    if not Registry.objects.exists():
        stage.trust(registry)
    made = stage.create(stage.fetch(registry, f"set/{name}", ONE), name, **config)
    registry.push(f"set/{name}", "1", TWO)
    return made


def events(step: str) -> str:
    return "\n".join(RunEvent.objects.filter(step=step).values_list("message", flat=True))


def test_hooks_run_in_the_containers_and_their_output_is_kept_without_secrets(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    labels = {
        f"{WATCHTOWER}lifecycle.pre-check": "echo $WT_CONTAINER",
        f"{WATCHTOWER}lifecycle.pre-update": "cat /version; echo $DB_PASSWORD; id -u; exit 0",
        f"{WATCHTOWER}lifecycle.post-update": "cat /version; kill -0 1 && echo alive",
        f"{WATCHTOWER}lifecycle.post-check": "cat /version",
        f"{WATCHTOWER}lifecycle.uid": "1234",
    }
    stale(stage, lab_registry, Labels=labels, Env=["DB_PASSWORD=hunter22"])
    Policy(host=stage.host, values={"enable_lifecycle_hooks": True}).save()

    assert result(stage.update(), "web")["state"] == "updated"

    assert '"name": "web"' in events("pre_check")
    assert "ended with code 0.\n1••••\n1234" in events("pre_update")
    assert "hunter22" not in "".join(RunEvent.objects.values_list("message", flat=True))
    assert "\n2" in events("post_update")
    assert "ended with code 0.\n2" in events("post_check")


@pytest.mark.parametrize(
    ("code", "state", "why"), [(75, "skipped", "exit code 75"), (9, "failed", "code 9")]
)
def test_a_pre_update_command_that_fails_leaves_the_container_untouched(
    code: int, state: str, why: str, stage: Stage, lab_registry: LabRegistry
) -> None:
    old = stale(stage, lab_registry, Labels={f"{WATCHTOWER}lifecycle.pre-update": f"exit {code}"})
    before = stage.inspect(old)

    done = result(stage.update(enable_lifecycle_hooks=True), "web")

    assert done["state"] == state
    assert why in done["reason"]
    after = stage.inspect("web")
    assert (after["Id"], after["State"]["StartedAt"]) == (old, before["State"]["StartedAt"])
    assert Replacement.objects.get().outcome == state
    assert stage.names() == ["web"]


def test_no_restart_leaves_a_container_to_start_later(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    old = stale(stage, lab_registry, Labels={"watchweb.no-restart": "true"})

    done = result(stage.update(), "web")

    assert (done["state"], done["reason"]) == (
        "updated",
        "Recreated and not started, as no-restart asks.",
    )
    assert done["settings"]["no_restart"] == {"value": True, "from": "label"}
    assert stage.inspect("web")["State"]["Status"] == "created"
    assert stage.inspect("web")["Id"] != old
    stage.api.start("web")
    assert stage.version_in("web") == "2"


def test_a_stopped_container_is_updated_and_revived_as_its_policy_says(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stale(stage, lab_registry, "off")
    stale(stage, lab_registry, "idle")
    for name in ("off", "idle"):
        stage.api.stop(name, timeout=0)
    Policy(host=stage.host, values={"include_stopped": True}).save()
    Policy(host=stage.host, container="off", values={"revive_stopped": True}).save()

    document = stage.update()

    assert [result(document, name)["state"] for name in ("off", "idle")] == ["updated"] * 2
    states = {name: stage.inspect(name)["State"]["Status"] for name in ("off", "idle")}
    assert states == {"off": "running", "idle": "created"}


def test_remove_volumes_begins_with_empty_ones_and_keeps_those_with_a_name(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    spec = replace(ONE, volumes=("/data",))
    image = stage.fetch(lab_registry, "set/db", spec)
    stage.create(image, "db", HostConfig={"Binds": ["named-one:/named"]})
    stage.output("db", "echo a > /data/it; echo n > /named/it")
    lab_registry.push("set/db", "1", replace(spec, version="2"))
    anonymous = {one["Name"] for one in stage.inspect("db")["Mounts"]} - {"named-one"}

    assert result(stage.update(remove_volumes=True), "db")["state"] == "updated"

    assert stage.output("db", "cat /named/it; ls /data") == "n"
    left = {volume["Name"] for volume in stage.api.volumes()["Volumes"]}
    assert "named-one" in left
    assert not anonymous & left


def test_a_cooldown_keeps_an_image_back_until_it_is_over(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    old = stale(stage, lab_registry, Labels={f"{WATCHTOWER}cooldown-delay": "2d"})

    waiting = result(stage.update(), "web")

    assert waiting["state"] == "stale"
    assert "its cooldown ends on" in waiting["reason"]
    row = Container.objects.get()
    assert row.status_reason == waiting["reason"]
    assert row.held_until is not None
    assert timedelta(days=1) < row.held_until - timezone.now() <= timedelta(days=2)
    assert stage.inspect("web")["Id"] == old
    assert (
        stage.api.images(name=f"{lab_registry.address}/set/web")[0]["Id"] == waiting["old_image_id"]
    ), "nothing was pulled"

    SeenDigest.objects.update(first_seen_at=timezone.now() - timedelta(days=3))

    assert result(stage.update(), "web")["state"] == "updated"
    assert Container.objects.get().held_until is None


def test_clean_up_waits_for_the_roll_back_window_and_tells_what_it_won(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    spec = ImageSpec(version="1", ballast_bytes=3_000_000)
    stage.create(stage.fetch(lab_registry, "set/big", spec), "big")
    lab_registry.push("set/big", "1", TWO)
    Policy(values={"cleanup": True, "rollback_window": "1d"}).save()

    done = result(stage.update(), "big")

    assert stage.api.inspect_image(done["old_image_id"])
    HostRun.objects.update(started_at=timezone.now() - timedelta(days=2))

    document = stage.update()

    assert stage.api.images(all=True, filters={"reference": "watchweb/kept"}) == []
    kept = [image["Id"] for image in stage.api.images(all=True)]
    assert done["old_image_id"] not in kept
    assert document["freed_bytes"] >= 3_000_000
    assert re.search(
        r"Clean-up won \d+\.\d MiB\.", "\n".join(RunEvent.objects.values_list("message", flat=True))
    )


def test_a_batch_is_down_together_and_comes_up_in_order(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stale(stage, lab_registry, "db")
    stale(stage, lab_registry, "app", Labels={f"{WATCHTOWER}depends-on": "db"})

    document = stage.update(gate_seconds=0)

    assert {one["state"] for one in document["containers"]} == {"updated"}
    began = RunEvent.objects.filter(step__in=("hold", "start")).order_by("pk")
    assert list(began.values_list("step", "container")) == [
        ("hold", "app"),
        ("hold", "db"),
        ("start", "db"),
        ("start", "app"),
    ]
