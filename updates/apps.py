"""The app, and what django-q2 shows of itself in the admin: nothing, its rows are pickles."""

from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "updates"
    verbose_name = "Watchweb"

    def ready(self) -> None:
        from updates import checks  # noqa: F401 - registers the system checks
        from updates.schedules.cluster import start_clock_in_workers

        start_clock_in_workers()
