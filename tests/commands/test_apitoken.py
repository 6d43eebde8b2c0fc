"""Tokens for programs on the command line."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.commands.calls import refused
from updates.models import ApiToken


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("apitoken", *arguments)
    return capsys.readouterr().out


def test_one_is_made_listed_and_revoked(operator: User, capsys: pytest.CaptureFixture[str]) -> None:
    secret = said(capsys, "add", "script", "--user", "operator", "--scope", "update").strip()
    token = ApiToken.objects.presented(secret)
    assert token
    assert token.scope == "update"
    listed = said(capsys, "list")
    assert "script" in listed
    assert secret not in listed
    assert "Revoked" in said(capsys, "revoke", str(token.pk))
    assert ApiToken.objects.presented(secret) is None


def test_json_has_the_secret_once(operator: User, capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(said(capsys, "add", "x", "--user", "operator", "--days", "2", "--json"))
    assert ApiToken.objects.presented(made["secret"])
    assert made["expires_at"]
    [listed] = json.loads(said(capsys, "list", "--user", "operator", "--json"))["tokens"]
    assert listed["hint"] == made["hint"]
    assert "secret" not in listed
    gone = json.loads(said(capsys, "revoke", str(made["id"]), "--json"))
    assert gone["state"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x"), "There is no user ''"),
        (("add", "x", "--user", "nobody"), "There is no user 'nobody'"),
        (("add", "--user", "operator"), "Give the token a name"),
        (("add", "x", "--user", "operator", "--days", "0"), "--days is from 1"),
        (("revoke", "x"), "There is no token 'x'"),
        (("revoke", "9" * 30), "There is no token"),
    ],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], sentence: str, operator: User) -> None:
    assert sentence in refused("apitoken", *arguments)
    assert not ApiToken.objects.exists()
