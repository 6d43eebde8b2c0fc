"""Rows of an earlier installation get what is kept of them since."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.registry.certificate_files import NOW as FILES_NOW
from tests.registry.certificate_files import certificate, pem
from updates.models import HourCount, Registry, RemoteDigest, Replacement
from updates.registry.logins.credentials import Credentials

BEFORE = [("updates", "0001_initial")]
PLAIN = [("updates", "0006_holds_and_last_lines")]
UNCOUNTED = [("updates", "0015_the_journal_knows_failures")]
YEARS = timedelta(days=-9000)


@pytest.mark.django_db(transaction=True)
def test_registries_of_the_first_release_keep_all_and_are_warned_about() -> None:
    executor = MigrationExecutor(connection)
    last = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "updates"]
    executor.migrate(BEFORE)
    try:
        end = datetime.now(UTC) + timedelta(days=10)
        old = executor.loader.project_state(BEFORE).apps
        old.get_model("updates", "Registry").objects.create(
            domain="registry.example.com",
            username="me",
            password="hunter2",
            ca_pem=pem(certificate(starts=YEARS, ends=end - FILES_NOW)),
            trust="system+ca",
        )
        old.get_model("updates", "Registry").objects.create(domain="ghcr.io")
        old.get_model("updates", "RemoteDigest").objects.create(reference="a", digest="sha256:1")
    finally:
        MigrationExecutor(connection).migrate(last)

    row = Registry.objects.get(domain="registry.example.com")
    assert (row.password, row.kind) == ("hunter2", "generic")
    assert row.fingerprint == Credentials("me", "hunter2").fingerprint
    assert len(row.expiring()) == 1
    plain = Registry.objects.get(domain="ghcr.io")
    assert (plain.fingerprint, plain.ca_expires_at) == ("", None)
    assert RemoteDigest.objects.get().digest == "sha256:1"


INSPECT = {
    "Id": "o" * 64,
    "Image": "sha256:old",
    "Config": {"Env": ["DB_PASSWORD=hunter2"]},
    "HostConfig": {"RestartPolicy": {"Name": "always"}},
    "Mounts": [{"Type": "volume", "Name": "a" * 64, "Destination": "/data"}],
    "NetworkSettings": {"Networks": {"shop": {"IPAddress": "10.0.0.2", "Aliases": ["web"]}}},
}


@pytest.mark.django_db(transaction=True)
def test_snapshots_of_earlier_replacements_are_sealed_and_told_apart() -> None:
    executor = MigrationExecutor(connection)
    last = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "updates"]
    executor.migrate(PLAIN)
    try:
        old = executor.loader.project_state(PLAIN).apps
        host = old.get_model("updates", "Host").objects.create(name="nas", url="unix:///x.sock")
        run = old.get_model("updates", "UpdateRun").objects.create(kind="update", trigger="page")
        part = old.get_model("updates", "HostRun").objects.create(run=run, host=host)
        old.get_model("updates", "Replacement").objects.create(
            host_run=part, name="web", old_id="o", step="swap", snapshot=INSPECT
        )
    finally:
        MigrationExecutor(connection).migrate(last)

    row = Replacement.objects.get()
    assert row.snapshot == INSPECT
    assert (row.old_image_id, row.restart_policy) == ("sha256:old", "always")
    assert row.volumes == {"/data": "a" * 64}
    assert row.networks == {"shop": {"IPAddress": "10.0.0.2", "Aliases": ["web"]}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM updates_replacement")
        assert "hunter2" not in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_results_of_the_last_month_are_counted_by_the_hour() -> None:
    executor = MigrationExecutor(connection)
    last = [key for key in executor.loader.graph.leaf_nodes() if key[0] == "updates"]
    executor.migrate(UNCOUNTED)
    end = datetime.now(UTC).replace(minute=20, second=0, microsecond=0) - timedelta(days=2)
    try:
        old = executor.loader.project_state(UNCOUNTED).apps
        host = old.get_model("updates", "Host").objects.create(name="nas", url="unix:///x.sock")
        run = old.get_model("updates", "UpdateRun").objects.create(kind="update", trigger="page")
        for finished_at in (end, end - timedelta(days=60)):
            part = old.get_model("updates", "HostRun").objects.create(
                run=run, host=host, state="finished", finished_at=finished_at
            )
            for state in ("updated", "updated", "failed", "fresh"):
                old.get_model("updates", "ContainerResult").objects.create(
                    host_run=part, container_id=f"{state}{part.results.count()}", state=state
                )
            run = old.get_model("updates", "UpdateRun").objects.create(kind="update")
    finally:
        MigrationExecutor(connection).migrate(last)
    hour = end.replace(minute=0)
    found = set(HourCount.objects.values_list("hour", "state", "number"))
    assert found == {(hour, "updated", 2), (hour, "failed", 1)}
