"""Schedules on the command line: list, add, remove, pause, resume."""

import json
from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from updates.flow.session import Kind
from updates.management.base import Command as BaseCommand
from updates.management.base import wrong_use
from updates.management.forms import cleaned
from updates.models import Host, Schedule, SchedulePause
from updates.models.schedule import default_zone
from updates.timetable.window import of_text

ACTIONS = ("list", "add", "remove", "pause", "resume")


class Command(BaseCommand):
    help = "List the schedules, add or remove one, or pause and resume all of them or one."
    examples = (
        "  manage.py schedule list --json\n"
        "  manage.py schedule add nightly '0 4 * * *' --zone Europe/Berlin\n"
        "  manage.py schedule add look 30m --kind scan --host nas --name 'web-*'\n"
        "  manage.py schedule add weekend @hourly --window 'sat,sun 22:00-04:00'\n"
        "  manage.py schedule remove nightly\n"
        "  manage.py schedule pause\n"
        "  manage.py schedule resume nightly"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=ACTIONS, help=f"{', '.join(ACTIONS)}.")
        parser.add_argument("schedule", nargs="?", default="", metavar="SCHEDULE", help="Its name.")
        parser.add_argument(
            "when", nargs="?", default="", metavar="WHEN", help="add: an interval or cron."
        )
        parser.add_argument("--kind", choices=[kind.value for kind in Kind], default="update")
        parser.add_argument("--zone", default=default_zone(), help="Time zone, e.g. Europe/Berlin.")
        parser.add_argument("--host", action="append", default=[], dest="hosts", metavar="H")
        parser.add_argument("--name", action="append", default=[], dest="names", metavar="NAME")
        parser.add_argument("--stack", default="", help="A compose project.")
        parser.add_argument(
            "--window",
            default="",
            metavar="W",
            help="When changes are made: 'sat,sun 22:00-04:00'.",
        )
        parser.add_argument(
            "--on-start", action="store_true", help="Whenever Watchweb starts, too."
        )
        parser.add_argument("--json", action="store_true", help="One JSON document on stdout.")

    def handle(self, *, action: str, schedule: str, when: str, **options: Any) -> None:
        if when and action != "add":
            raise wrong_use(f"{action} takes no time.")
        if action == "list":
            self._list(as_json=options["json"])
        elif action == "add":
            self._add(schedule, when, options)
        elif action == "remove":
            row = _named(schedule)
            row.delete()
            self.say(f"Removed the schedule {row}.")
        else:
            self._switch(schedule, is_on=action == "resume")

    def _add(self, name: str, when: str, options: dict[str, Any]) -> None:
        row = Schedule(name=name, when=when, names=" ".join(options["names"]))
        row.kind, row.zone, row.stack = options["kind"], options["zone"], options["stack"]
        row.update_on_start = options["on_start"]
        try:
            row.window_days, row.window_begins, row.window_ends = of_text(options["window"])
        except ValueError as error:
            raise wrong_use(f"--window: {error}") from error
        hosts = [_host(one) for one in options["hosts"]]
        cleaned(row).plan(timezone.now())
        with transaction.atomic():
            row.save()
            row.hosts.set(hosts)
        self.say(f"Added the schedule {row}: {row.kind} {row.words}.")

    def _switch(self, name: str, *, is_on: bool) -> None:
        if not name:
            if is_on:
                Schedule.objects.resume(timezone.now())
            else:
                Schedule.objects.pause()
            self.say("The schedules go on." if is_on else "Every schedule is paused.")
            return
        row = _named(name)
        row.enabled, row.is_owed = is_on, False
        try:
            row.plan(timezone.now())
        except ValueError as error:
            raise wrong_use(str(error)) from error
        row.save(update_fields=["enabled", "is_owed", "next_at"])
        self.say(f"The schedule {row} is {'on' if is_on else 'off'}.")

    def _list(self, *, as_json: bool) -> None:
        rows = list(Schedule.objects.select_related("last_tick").prefetch_related("hosts"))
        is_paused = SchedulePause.current() is not None
        if as_json:
            shown = [_document(row) for row in rows]
            self.say(json.dumps({"paused": is_paused, "schedules": shown}))
            return
        table = Table("Schedule", "Kind", "When", "For", "Next", "Last", box=None, pad_edge=False)
        for row in rows:
            coming = (
                f"{timezone.localtime(row.next_at):%Y-%m-%d %H:%M:%S}" if row.next_at else "off"
            )
            last = row.last_tick.outcome if row.last_tick else "never"
            table.add_row(row.name, row.kind, row.words, row.targets(), coming, last)
        Console().print(table)
        if is_paused:
            self.say("Every schedule is paused.")


def _document(row: Schedule) -> dict[str, Any]:
    last = row.last_tick
    return {
        "name": row.name,
        "enabled": row.enabled,
        "kind": row.kind,
        "when": row.when,
        "zone": row.zone,
        "words": row.words,
        "hosts": [host.name for host in row.hosts.all()],
        "names": list(row.patterns),
        "stack": row.stack,
        "next_at": row.next_at.isoformat() if row.next_at else None,
        "last_at": last.happened_at.isoformat() if last else None,
        "last_outcome": last.outcome if last else None,
        "last_reason": last.reason if last else "",
        "last_run": last.run_id if last else None,
    }


def _named(name: str) -> Schedule:
    row = Schedule.objects.filter(name=name).first()
    if row is None:
        raise wrong_use(f"There is no schedule {name!r}. See: manage.py schedule list")
    return row


def _host(name: str) -> Host:
    row = Host.objects.filter(name=name).first()
    if row is None:
        raise wrong_use(f"There is no host {name!r}. Add it with: manage.py addhost")
    return row
