"""Run everything: database, first user, web server and cluster, in one command."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from updates.management import base, first_start
from updates.management.supervisor import Supervisor, children
from updates.management.trust_options import TrustCommand
from updates.models import Schedule
from updates.schedules.cluster import install_tick, queue_anew
from updates.schedules.environment import first_schedule


class Command(TrustCommand):
    help = "Set up the database, then run the web server and the cluster until Ctrl-C."
    examples = (
        "  manage.py up\n"
        "  manage.py up --bind 0.0.0.0:8000 --workers 8\n"
        "  manage.py up --registry-ca /etc/ssl/our-ca.pem --registry-ca-validate"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000", help="HOST:PORT to listen at.")
        parser.add_argument(
            "--workers", type=int, default=settings.WORKERS, help="Host runs done at once."
        )
        super().add_arguments(parser)

    def handle(self, *, bind: str, workers: int, **options: Any) -> None:
        if reason := first_start.why_not_bindable(bind):
            raise base.wrong_use(reason)
        if workers < 1:
            raise base.wrong_use("--workers takes a number from 1.")
        self.take_trust(options)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        install_tick()
        queue_anew()
        self._plan()
        self._greet(bind)
        Supervisor(*children(bind, workers), say=self.say).run()

    def _plan(self) -> None:
        """The schedule that the environment asks for, and those that also run at start."""
        if schedule := first_schedule():
            self.say(f"Made the schedule {schedule}: {schedule.kind} {schedule.words}.")
        Schedule.objects.bring_forward(timezone.now())

    def _greet(self, bind: str) -> None:
        if host := first_start.local_host():
            self.say(f"Found the Docker Engine of this machine: added it as host {host}.")
        if admin := first_start.first_admin():
            name, password = admin
            self.say(f"User: {name}")
            self.say(f"Password: {password} (shown once)" if password else "Password: as given")
        self.say(f"Watchweb is at http://{bind}/ (Ctrl-C ends it)")
