"""Tokens for programs on the command line: add, list, revoke."""

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from updates.audit.record import record
from updates.management.base import Command as BaseCommand
from updates.management.base import wrong_use
from updates.models import ApiToken
from updates.models.api_token import Scope
from updates.models.audit import Deed

ACTIONS = ("add", "list", "revoke")
_MAX_DAYS = 36_500
_MAX_NAME = 100
_MAX_DIGITS = 18


class Command(BaseCommand):
    help = "Make a token for a program, list the tokens, or revoke one."
    examples = (
        "  manage.py apitoken add grafana --user admin --scope read\n"
        "  manage.py apitoken add deploy --user admin --scope update --days 90 --json\n"
        "  manage.py apitoken list --json\n"
        "  manage.py apitoken revoke 3"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=ACTIONS, help=f"{', '.join(ACTIONS)}.")
        parser.add_argument(
            "token", nargs="?", default="", metavar="TOKEN", help="add: a name. revoke: its number."
        )
        parser.add_argument("--user", default="", help="add: whose it is. list: whose are shown.")
        parser.add_argument("--scope", choices=Scope.values, default=Scope.READ.value)
        parser.add_argument("--days", type=int, help="add: how long it works; for ever without.")
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")

    def handle(self, *, action: str, token: str, user: str, **options: Any) -> None:
        if action == "add":
            self._add(token, _person(user), options)
        elif action == "list":
            rows = ApiToken.objects.select_related("owner")
            self._list(rows.filter(owner=_person(user)) if user else rows, options["json"])
        else:
            self._revoke(token, as_json=options["json"])

    def _add(self, name: str, owner: User, options: dict[str, Any]) -> None:
        if not name or len(name) > _MAX_NAME or not name.isprintable():
            raise wrong_use(f"Give the token a name of at most {_MAX_NAME} printable characters.")
        days = options["days"]
        if days is not None and not 1 <= days <= _MAX_DAYS:
            raise wrong_use(f"--days is from 1 to {_MAX_DAYS}.")
        end = None if days is None else timezone.now() + timedelta(days=days)
        row, secret = ApiToken.objects.issue(owner, name, Scope(options["scope"]), end)
        if options["json"]:
            self.say(json.dumps(_document(row) | {"secret": secret}))
            return
        self.stderr.write("The token is shown this once, and kept nowhere:")
        self.say(secret)

    def _list(self, rows: Any, as_json: bool) -> None:
        if as_json:
            self.say(json.dumps({"tokens": [_document(row) for row in rows]}))
            return
        table = Table("#", "Name", "Of", "Scope", "Begins", "State", "Used", "Expires", box=None)
        for row in rows:
            facts = (row.owner.username, row.scope, f"{row.hint}…", row.state)
            ends = _moment(row.last_used_at), _moment(row.expires_at)
            table.add_row(str(row.pk), row.name, *facts, *ends)
        Console().print(table)

    def _revoke(self, number: str, *, as_json: bool) -> None:
        is_number = number.isdecimal() and len(number) <= _MAX_DIGITS
        row = ApiToken.objects.filter(pk=int(number)).first() if is_number else None
        if row is None:
            raise wrong_use(f"There is no token {number!r}. See: manage.py apitoken list")
        if not ApiToken.objects.revoke(row.pk):
            raise wrong_use(f"The token {row} was revoked before.")
        record(Deed.REVOKED, f"API token {row} of {row.owner}")
        row.refresh_from_db()
        self.say(json.dumps(_document(row)) if as_json else f"Revoked the token {row}.")


def _document(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "owner": row.owner.username,
        "scope": row.scope,
        "hint": row.hint,
        "state": row.state,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
    }


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else "never"


def _person(name: str) -> User:
    row = User.objects.filter(username=name).first()
    if row is None:
        raise wrong_use(f"There is no user {name!r}. Say whose it is with --user NAME.")
    return row
