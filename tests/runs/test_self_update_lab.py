"""Watchweb in a container updates this very container: same port, same data, and the way back."""

import contextlib
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.commands.installation import Installation, wait_until
from tests.lab.dockerd import Dockerd
from tests.lab.ports import free_port
from tests.lab.registry import Registry as LabRegistry
from tests.runs.contained import NAME, PASSWORD, POLICY, Contained
from tests.runs.stage import Platform, result

pytestmark = [pytest.mark.slow]
HELPER = f"{NAME}-watchweb-helper"


@pytest.fixture
def site(lab_engine: Dockerd, lab_registry: LabRegistry, tmp_path: Path) -> Iterator[Contained]:
    with contextlib.closing(lab_engine.api()) as api:
        platform, bind = Platform(lab_engine, api), f"127.0.0.1:{free_port()}"
        yield Contained(platform, lab_registry, Installation(tmp_path), bind)


def start_from_the_page(site: Contained) -> int:
    """Sign in, read what will happen, and press the button; the run that this leads to."""
    with requests.Session() as browser:
        browser.trust_env = False
        base = f"http://{site.bind}"
        login = browser.get(f"{base}/login/").text
        browser.post(f"{base}/login/", _form(login, username="admin", password=PASSWORD))
        host = re.search(r'"/hosts/(\d+)/"', browser.get(f"{base}/").text)
        assert host
        address = f"{base}/hosts/{host[1]}/update-itself/"
        assert address.removeprefix(base) in browser.get(f"{base}/hosts/{host[1]}/").text
        question = browser.get(address)
        assert "Update Watchweb itself?" in question.text
        started = browser.post(address, _form(question.text))
        assert started.status_code == 200
        assert "Watchweb updates itself." in started.text
        return int(started.url.rstrip("/").rpartition("/")[2])


def _form(page: str, **fields: str) -> dict[str, str]:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    return fields | {"csrfmiddlewaretoken": token[1]}


def test_it_comes_back_on_the_new_image_and_port_and_its_record_is_whole(site: Contained) -> None:
    old = site.start()
    digest = site.push(2)
    _, scanned = site.manage("scan", "--json")
    assert json.loads(scanned)["containers"] == [], "left out by default"

    code, said = site.manage("updateself", "--json")

    assert code == 0, said
    started = json.loads(said)
    assert (started["state"], started["hosts"][0]["state"]) == ("queued", "running")
    document = site.end_of(started["run"])
    done = result(document, NAME)
    assert document["state"] == "finished"
    assert (done["state"], done["id"], done["new_digest"]) == ("updated", old, digest)
    assert len(document["containers"]) == 1
    new = site.platform.inspect(NAME)
    assert new["Id"] == done["new_id"] != old
    assert new["HostConfig"]["RestartPolicy"] == POLICY
    assert (new["State"]["Running"], new["RestartCount"]) == (True, 0)
    assert new["Config"]["Labels"]["team"] == "lab"
    assert site.platform.version_in(NAME) == "2"
    wait_until(site.answers, 60, "the new one does not answer")

    _, said = site.manage("updateself", "--json")
    document = site.end_of(json.loads(said)["run"])
    assert result(document, NAME)["state"] == "fresh"
    assert site.platform.inspect(NAME)["Id"] == new["Id"]
    assert site.platform.inspect(NAME)["State"]["StartedAt"] == new["State"]["StartedAt"]


def test_a_new_one_that_cannot_start_gives_way_to_the_old_one(site: Contained) -> None:
    old = site.start()
    site.push(2, "exit 1")

    document = site.end_of(start_from_the_page(site))

    done = result(document, NAME)
    assert (document["state"], done["state"]) == ("finished", "rolled_back")
    assert "exit code 1" in done["reason"] or "keeps restarting" in done["reason"]
    back = site.platform.inspect(NAME)
    assert back["Id"] == old
    assert back["HostConfig"]["RestartPolicy"] == POLICY
    assert site.platform.version_in(NAME) == "1"
    wait_until(site.answers, 60, "the old one does not answer")


def test_a_helper_that_is_killed_comes_back_and_puts_it_right(site: Contained) -> None:
    old = site.start(WATCHWEB_GATE_SECONDS="60", WATCHWEB_LEASE_SECONDS="4")
    site.push(2, "sleep 600")  # It would put this right itself if it ran.
    _, said = site.manage("updateself", "--json")
    run = json.loads(said)["run"]
    helper = f"{HELPER}-{run}"
    wait_until(lambda: _is_on(site, "2"), 60, "the new one is not there")
    assert not site.answers(), "nobody else is there"

    os.kill(site.platform.inspect(helper)["State"]["Pid"], signal.SIGKILL)
    document = site.end_of(run)

    assert document["state"] == "interrupted"
    wait_until(
        lambda: result(site.report(run), NAME)["state"] == "rolled_back", 60, "not put right"
    )
    wait_until(site.answers, 60, "the old one does not answer")
    back = site.platform.inspect(NAME)
    assert (back["Id"], back["HostConfig"]["RestartPolicy"]) == (old, POLICY)


def _is_on(site: Contained, version: str) -> bool:
    names = site.platform.names()
    return NAME in names and f"VERSION={version}" in site.platform.inspect(NAME)["Config"]["Env"]
