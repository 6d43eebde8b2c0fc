"""Who signed in, who could not, who left; and no password that was typed into the wrong field."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from updates.models import AuditEntry
from updates.models.audit import Deed

PASSWORD = "operator-password"


def sign_in(name: str, password: str = PASSWORD, **headers: str) -> Client:
    client = Client()
    client.post("/login/", {"username": name, "password": password}, headers=headers)
    return client


def test_it_is_written_down_with_the_address(operator: User) -> None:
    sign_in("operator").post("/logout/")
    found = list(AuditEntry.objects.order_by("pk"))
    assert [one.deed for one in found] == [Deed.SIGNED_IN, Deed.SIGNED_OUT]
    assert {(one.username, one.address) for one in found} == {("operator", "127.0.0.1")}


def test_a_wrong_password_is_written_down_by_name(operator: User) -> None:
    sign_in("operator", "guess")
    entry = AuditEntry.objects.get()
    assert (entry.deed, entry.username) == (Deed.REFUSED, "operator")
    assert "guess" not in f"{entry.subject}{entry.changes}"


@pytest.mark.parametrize("typed", [PASSWORD, "a\0b", "x" * 5000])
def test_a_name_that_nobody_has_is_not_kept(operator: User, typed: str) -> None:
    sign_in(typed, "x")
    for entry in AuditEntry.objects.all():
        assert entry.username == ""
        assert typed not in entry.subject


def test_a_forged_header_counts_only_behind_a_proxy(operator: User, settings: object) -> None:
    sign_in("operator", **{"X-Forwarded-For": "6.6.6.6, 10.9.9.9"})
    assert AuditEntry.objects.get().address == "127.0.0.1"
    settings.HTTPS = True  # type: ignore[attr-defined]
    sign_in("operator", **{"X-Forwarded-For": "6.6.6.6, 10.9.9.9"})
    assert AuditEntry.objects.latest("pk").address == "10.9.9.9"
