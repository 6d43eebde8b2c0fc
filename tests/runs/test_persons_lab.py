"""What a person does on a real engine in the middle of an update: the record says so, and nothing
is lost."""

import pytest

from tests.drill.points import Side
from tests.lab.images import ImageSpec
from tests.runs.place import CREATE, PULL, START, Place
from tests.runs.stage import result
from updates.models import Hold, Replacement

pytestmark = [pytest.mark.slow]


# In the pull.


def test_one_that_is_removed_in_the_pull_is_skipped(place: Place) -> None:
    done = place.update(
        PULL, Side.BEFORE, lambda: place.stage.api.remove_container("app", force=True)
    )
    assert (done["state"], done["reason"]) == ("skipped", "It is not there any more.")
    assert place.stage.names() == []


def test_one_that_is_renamed_in_the_pull_is_updated_as_it_is_called_now(place: Place) -> None:
    done = place.update(PULL, Side.BEFORE, lambda: place.stage.api.rename(place.old, "mine"))
    assert done["state"] == "updated"
    assert place.stage.names() == ["mine"]
    assert place.stage.output("mine", "cat /data/it; cat /version") == "kept\n2"


def test_one_that_is_made_anew_in_the_pull_is_left_alone(place: Place) -> None:
    done = place.update(PULL, Side.BEFORE, place.recreate)
    assert done["state"] == "skipped"
    assert place.stage.names() == ["app"]
    assert [place.stage.inspect("app")["Id"]] == place.made


def test_an_image_that_is_removed_after_the_pull_leaves_the_old_one_running(place: Place) -> None:
    def remove() -> None:
        new = place.stage.api.inspect_image(place.image)["Id"]
        place.stage.api.remove_image(new, force=True)

    done = place.update(CREATE, Side.BEFORE, remove)
    assert done["state"] == "failed"
    assert "No such image" in done["reason"]
    assert Replacement.objects.get().outcome == "failed"
    place.check_old_one_runs()


# Before the stop.


def test_one_that_is_renamed_before_the_stop_is_left_alone(place: Place) -> None:
    done = place.update(CREATE, Side.AFTER, lambda: place.stage.api.rename(place.old, "mine"))
    assert done["state"] == "failed"
    assert done["reason"] == "Somebody renamed it to mine meanwhile: it was left alone."
    assert place.stage.names() == ["mine"]
    assert place.stage.inspect("mine")["Id"] == place.old
    assert place.stage.inspect("mine")["State"]["Running"]


def test_one_that_is_made_anew_before_the_stop_is_left_alone(place: Place) -> None:
    done = place.update(CREATE, Side.AFTER, place.recreate)
    assert done["state"] == "failed"
    assert "It was replaced since by something that this record does not know" in done["reason"]
    assert place.stage.names() == ["app"]
    assert [place.stage.inspect("app")["Id"]] == place.made


# At the gate.


def test_a_new_one_that_is_removed_at_the_gate_brings_the_old_one_back(place: Place) -> None:
    done = place.update(
        START, Side.AFTER, lambda: place.stage.api.remove_container("app", force=True)
    )
    assert done["state"] == "rolled_back"
    assert done["reason"] == "Somebody removed the new container meanwhile."
    assert not Hold.objects.exists()
    place.check_old_one_runs()


def test_a_new_one_that_is_renamed_at_the_gate_keeps_that_name(place: Place) -> None:
    done = place.update(START, Side.AFTER, lambda: place.stage.api.rename("app", "mine"))
    assert done["state"] == "updated"
    assert done["reason"] == "Somebody renamed it to mine meanwhile: it keeps that name."
    assert place.stage.names() == ["mine"]
    assert place.stage.output("mine", "cat /data/it; cat /version") == "kept\n2"


def test_another_one_made_at_the_gate_is_left_alone_and_the_old_one_kept(place: Place) -> None:
    done = place.update(START, Side.AFTER, place.recreate)
    assert done["state"] == "failed"
    assert "Somebody made another container named app meanwhile" in done["reason"]
    assert not Hold.objects.exists()
    aside = f"app-watchweb-{place.old[:12]}"
    assert place.stage.names() == ["app", aside]
    assert [place.stage.inspect("app")["Id"]] == place.made
    assert not place.stage.inspect(aside)["State"]["Running"]
    place.registry.push("persons/app", "1", ImageSpec(version="3"))
    again = result(place.stage.update(include_stopped=True), "app")
    assert again["state"] == "updated"
    assert place.stage.names() == ["app", aside], "no run touches what was set aside"
