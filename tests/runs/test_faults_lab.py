"""Each fault ends as one sentence where a person looks for it, and everything else goes on."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from pytest_django import Settings

from tests.commands.installation import wait_until
from tests.fakes.cutting_proxy import CuttingProxy, Spoiling
from tests.fakes.engine_server import EngineServer, Handler
from tests.fakes.registry import FakeRegistry
from tests.lab.authority import Authority
from tests.lab.images import ImageSpec, archive, build
from tests.lab.ports import free_port
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Stage, result
from updates.models import Container, Host, Registry, Replacement, RunEvent

ONE, TWO = ImageSpec(version="1"), ImageSpec(version="2")
DEAF = ImageSpec(version="1", cmd=("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done"))


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and "Traceback" not in text


# Hosts.


def html(request: Handler) -> None:
    request.send(200, b"<html><body>A page.</body></html>", "text/html")


@contextmanager
def silent_listener() -> Iterator[int]:
    """A port where connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


HOST_FAULTS = {
    "no-socket": "there is no such socket",
    "refused": "connection refused",
    "hangs": "did not answer in time",
    "wrong-ca": "is not trusted",
    "no-client-certificate": "refused the client certificate, or wants one",
    "not-an-engine": "is not a Docker Engine",
}


def test_a_host_in_trouble_says_why_and_the_others_go_on(
    stage: Stage, lab_registry: LabRegistry, settings: Settings
) -> None:
    settings.WATCHWEB_ENGINE_TIMEOUT = 2
    assert stage.engine.tls
    stage.trust(lab_registry)
    stage.create(stage.fetch(lab_registry, "hosts/app", ONE), "app", start=False)
    ca, stranger = stage.engine.tls.ca_pem, Authority().ca_pem
    cert, key = stage.engine.tls.client_pem()
    with ExitStack() as stack:
        page = stack.enter_context(
            EngineServer(otherwise=html, answers={("GET", "/version"): html})
        )
        port = stack.enter_context(silent_listener())
        hosts = [
            Host(name="no-socket", url="unix:///nowhere/docker.sock"),
            Host(name="refused", url=f"tcp://127.0.0.1:{free_port()}"),
            Host(name="hangs", url=f"tcp://127.0.0.1:{port}"),
            Host(name="wrong-ca", url=stage.engine.tls_url, tls_ca=stranger),
            Host(name="no-client-certificate", url=stage.engine.tls_url, tls_ca=ca),
            Host(name="not-an-engine", url=page.url),
            Host(name="right", url=stage.engine.tls_url, tls_ca=ca, tls_cert=cert, tls_key=key),
        ]
        for host in hosts:
            host.full_clean()
            host.save()
        document = stage.scan(*hosts)

    parts = {part["host"]: part for part in document["hosts"]}
    for name, why in HOST_FAULTS.items():
        assert parts[name]["state"] == "failed"
        assert re.search(why, parts[name]["error"]), parts[name]
        assert is_one_sentence(parts[name]["error"].replace(". Is it running?", "."))
        assert Host.objects.get(name=name).last_error == parts[name]["error"]
        assert Host.objects.get(name=name).last_seen_at is None
    assert parts["right"] == {"host": "right", "state": "finished", "error": ""}
    assert [one["host"] for one in document["containers"]] == ["right"]
    assert result(document, "app")["state"] == "fresh"
    assert document["state"] == "failed"
    right = Host.objects.get(name="right")
    assert right.last_seen_at is not None
    assert right.engine_version


# Registries.


@dataclass(frozen=True, slots=True)
class Fault:
    """`reason` is searched for in the sentence; `status` is what the inventory shows."""

    reason: str
    status: Container.Status = Container.Status.UNKNOWN


REGISTRY_FAULTS = {
    "nothing-listens": Fault("refuses connections: nothing listens there"),
    "wrong-password": Fault("refuses the user name or password saved for it"),
    "wrong-token-password": Fault("refuses the user name or password saved for it"),
    "unknown-ca": Fault("No trusted CA signed the certificate"),
    "plain-http": Fault("speaks plain HTTP here, not TLS"),
    "no-repository": Fault("has no .*: the tag or the repository", Container.Status.LOCAL),
    "tag-gone": Fault("has no .*: the tag or the repository is gone"),
    "too-many": Fault("allows no more requests for 60 seconds"),
    "out-of-order": Fault("is out of order"),
    "a-page": Fault("no registry|as a registry does|not a manifest|manifest"),
    "made-here": Fault("made on this host", Container.Status.LOCAL),
}


class Faults:
    """Containers whose images the registries are in trouble over, and one whose image is stale."""

    def __init__(self, stage: Stage, good: LabRegistry) -> None:
        self.stage = stage
        self.image = stage.fetch(good, "faults/good", ONE)
        stage.trust(good)
        stage.create(self.image, "good")
        good.push("faults/good", "1", TWO)
        gone = stage.fetch(good, "faults/gone", ImageSpec(version="3"))
        stage.create(gone, "tag-gone", start=False)
        good.delete("faults/gone", good.push("faults/gone", "1", ImageSpec(version="3")))
        self.add("no-repository", good.address)
        for _ in stage.api.load_image(archive(build(ImageSpec(version="4")), "made/here:1")):
            pass
        stage.create("made/here:1", "made-here", start=False)

    def add(self, name: str, domain: str) -> None:
        """A container that follows an image of this registry."""
        self.stage.api.tag(self.image, f"{domain}/faults/{name}", tag="1")
        self.stage.create(f"{domain}/faults/{name}:1", name, start=False)

    def add_fake(self, name: str, registry: FakeRegistry) -> None:
        Registry.objects.create(domain=registry.address, plain_http=True)
        self.add(name, registry.address)


@pytest.fixture
def faulty(
    stage: Stage,
    lab_registry: LabRegistry,
    lab_registry_tls: LabRegistry,
    lab_registry_htpasswd: LabRegistry,
    lab_registry_token: LabRegistry,
) -> Iterator[Stage]:
    """The stage with every fault of REGISTRY_FAULTS on it."""
    faults = Faults(stage, lab_registry)
    faults.add("nothing-listens", f"127.0.0.1:{free_port()}")
    stage.trust(lab_registry_htpasswd, password="not-it")
    faults.add("wrong-password", lab_registry_htpasswd.address)
    stage.trust(lab_registry_token, password="not-it")
    faults.add("wrong-token-password", lab_registry_token.address)
    faults.add("unknown-ca", lab_registry_tls.address)
    with ExitStack() as stack:
        limited, broken, page, plain = (stack.enter_context(FakeRegistry()) for _ in range(4))
        limited.behaviour.status, limited.behaviour.headers = 429, {"Retry-After": "60"}
        broken.behaviour.status = 500
        page.behaviour.garbage = b"<html>Sign in</html>"
        for name, fake in {"too-many": limited, "out-of-order": broken, "a-page": page}.items():
            faults.add_fake(name, fake)
        faults.add("plain-http", plain.address)
        yield stage


def test_a_registry_in_trouble_says_why_and_the_other_containers_go_on(faulty: Stage) -> None:
    document = faulty.update(gate_seconds=0)

    for name, fault in REGISTRY_FAULTS.items():
        one = result(document, name)
        assert one["state"] == "skipped", one
        assert re.search(fault.reason, one["reason"]), one
        assert is_one_sentence(one["reason"])
        assert "not-it" not in one["reason"]
        row = Container.objects.get(name=name)
        assert (row.status, row.status_reason) == (fault.status, one["reason"])
    assert result(document, "good")["state"] == "updated"
    assert document["state"] == "finished"
    assert document["counts"]["skipped"] == len(REGISTRY_FAULTS)
    assert faulty.version_in("good") == "2"


# Pulls and creates.


@pytest.mark.parametrize(
    ("spoiling", "why"),
    [("cut", "did not finish within|EOF"), ("wrong bytes", "verification failed|EOF|within")],
)
def test_a_pull_that_breaks_in_the_middle_fails_its_container_alone(
    spoiling: Spoiling,
    why: str,
    stage: Stage,
    lab_registry: LabRegistry,
    settings: Settings,
) -> None:
    settings.WATCHWEB_PULL_TIMEOUT = 4
    stage.trust(lab_registry)
    with CuttingProxy(lab_registry.base_url) as proxy:
        Registry.objects.create(domain=proxy.address, plain_http=True)
        lab_registry.push("cut/app", "1", ONE)
        stage.api.pull(f"{proxy.address}/cut/app", tag="1")
        old = stage.create(f"{proxy.address}/cut/app:1", "app")
        stage.create(stage.fetch(lab_registry, "whole/app", ONE), "whole")
        lab_registry.push("whole/app", "1", TWO)
        large = ImageSpec(version=f"2 {spoiling}", ballast_bytes=200_000)
        lab_registry.push("cut/app", "1", large)
        proxy.spoiling = spoiling
        document = stage.update(gate_seconds=0)

    broken = result(document, "app")
    assert broken["state"] == "failed"
    assert re.search(why, broken["reason"]), broken
    assert is_one_sentence(broken["reason"])
    now = stage.inspect("app")
    assert (now["Id"], now["State"]["Running"]) == (old, True)
    assert result(document, "whole")["state"] == "updated"
    assert stage.names() == ["app", "whole"]


def test_a_container_that_the_engine_will_not_create_again_stays_as_it_was(
    stage: Stage, lab_registry: LabRegistry, tmp_path: Path
) -> None:
    stage.trust(lab_registry)
    image = stage.fetch(lab_registry, "create/app", ONE)
    source = tmp_path / "source"
    source.mkdir()
    mount = {"Type": "bind", "Source": str(source), "Target": "/mounted"}
    old = stage.create(image, "app", HostConfig={"Mounts": [mount]})
    stage.create(image, "other")
    source.rmdir()
    lab_registry.push("create/app", "1", TWO)

    document = stage.update(gate_seconds=0)

    refused = result(document, "app")
    assert refused["state"] == "failed"
    assert "bind source path does not exist" in refused["reason"]
    assert is_one_sentence(refused["reason"])
    now = stage.inspect("app")
    assert (now["Id"], now["State"]["Running"]) == (old, True)
    assert result(document, "other")["state"] == "updated"
    assert stage.names() == ["app", "other"]


# The engine dies.


def test_an_engine_that_is_killed_in_mid_update_costs_no_container(
    stage: Stage, lab_registry: LabRegistry
) -> None:
    stage.trust(lab_registry)
    # An engine lists the newest first, and so they are updated.
    stage.create(stage.fetch(lab_registry, "killed/later", ONE), "later")
    stage.create(stage.fetch(lab_registry, "killed/app", DEAF), "app")
    lab_registry.push("killed/app", "1", TWO)
    lab_registry.push("killed/later", "1", TWO)

    document = _update_and_kill_while_it_stops(stage)

    hurt = result(document, "app")
    assert hurt["state"] in ("failed", "rolled_back")
    assert "cannot be reached" in hurt["reason"]
    assert document["counts"]["updated"] == 0
    assert all(one["state"] for one in document["containers"]), "no result is left open"
    stage.engine.restart()
    kept = {name.partition("-watchweb")[0] for name in stage.names()}
    assert kept == {"app", "later"}
    journal = Replacement.objects.get(name="app")
    assert stage.inspect(journal.old_id)["Config"]["Cmd"] == list(DEAF.cmd)
    assert journal.closed_at is None, "what is left to put right stays open in the journal"
    assert journal.snapshot["Id"] == journal.old_id


def _update_and_kill_while_it_stops(stage: Stage) -> Json:
    documents: list[Json] = []

    def update() -> None:
        try:
            documents.append(stage.update(names=("app", "later"), stop_timeout=20))
        finally:
            connection.close()

    thread = Thread(target=update)
    thread.start()
    try:
        began = RunEvent.objects.filter(container="app", step="hold")
        wait_until(began.exists, 30, "the old container is being stopped")
        stage.engine.kill()
    finally:
        thread.join()
    return documents[0]
