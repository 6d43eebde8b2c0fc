"""Logins of a config.json become registries' rows, and never overwrite without being told to."""

import pytest

from updates.models import Registry, RegistryToken
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.docker_config import DockerConfig, Login
from updates.runs.import_logins import Imported, Outcome, import_logins

SECRET = "hunter2-hunter2"
ROBOT = Credentials("robot", SECRET)

pytestmark = pytest.mark.django_db


def imported(
    domain: str = "ghcr.io",
    credentials: Credentials = ROBOT,
    *,
    replace: bool = False,
    dry_run: bool = False,
) -> Imported:
    config = DockerConfig((Login(domain, credentials),), ())
    (one,) = import_logins(config, replace=replace, dry_run=dry_run)
    assert one.domain == domain
    assert SECRET not in one.sentence
    assert one.sentence.endswith(".")
    return one


def test_a_new_registry_gets_the_kind_that_its_domain_tells() -> None:
    assert imported().outcome is Outcome.ADDED
    row = Registry.objects.get()
    assert (row.kind, row.credentials()) == ("github", ROBOT)


def test_a_row_without_credentials_gets_them_and_keeps_the_rest() -> None:
    Registry.objects.create(domain="ghcr.io", kind="generic", realm_hosts="a.io")
    RegistryToken.objects.create(registry="ghcr.io", realm="https://ghcr.io/token")
    assert imported().outcome is Outcome.CHANGED
    row = Registry.objects.get()
    assert (row.kind, row.realm_hosts, row.credentials()) == ("generic", "a.io", ROBOT)
    assert not RegistryToken.objects.exists(), "they were anonymous ones"


def test_the_same_credentials_change_nothing() -> None:
    imported()
    assert imported().outcome is Outcome.UNCHANGED
    assert imported(replace=True).outcome is Outcome.UNCHANGED


def test_other_credentials_are_kept_unless_they_are_to_be_replaced() -> None:
    Registry.objects.create(domain="ghcr.io", username="me", password="old")
    assert imported().outcome is Outcome.KEPT
    assert Registry.objects.get().password == "old"
    assert imported(replace=True).outcome is Outcome.CHANGED
    assert Registry.objects.get().credentials() == ROBOT


def test_an_identity_token_takes_the_passwords_place() -> None:
    Registry.objects.create(domain="ghcr.io", username="me", password="old")
    token = Credentials("<token>", identity_token=SECRET)
    assert "identity token" in imported(credentials=token, replace=True).sentence
    assert Registry.objects.get().credentials() == token


def test_what_the_row_would_refuse_is_left_out_with_the_reason() -> None:
    one = imported("123456789012.dkr.ecr.eu-central-1.amazonaws.com", Credentials("AWS", SECRET))
    assert one.outcome is Outcome.LEFT_OUT
    assert "twelve hours" in one.sentence
    assert not Registry.objects.exists()


def test_a_dry_run_says_the_same_and_saves_nothing() -> None:
    assert imported(dry_run=True) == imported()
    Registry.objects.update(password="", username="")
    assert imported(dry_run=True).outcome is Outcome.CHANGED
    assert Registry.objects.get().credentials() is None


def test_one_that_is_left_out_does_not_stop_the_others() -> None:
    logins = (Login("x.io", Credentials("a:b", SECRET)), Login("y.io", ROBOT))
    found = import_logins(DockerConfig(logins, ()), replace=False)
    assert [one.outcome for one in found] == [Outcome.LEFT_OUT, Outcome.ADDED]
