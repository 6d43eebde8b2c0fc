"""The app, and what django-q2 shows of itself in the admin: nothing, its rows are pickles."""

from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "updates"
    verbose_name = "Watchweb"

    def ready(self) -> None:
        from django.utils import translation

        from updates import (
            checks,  # noqa: F401 - registers the system checks
            language,
        )
        from updates.audit import sign_in, watch
        from updates.runs import monitoring  # noqa: F401 - hears of changed policies
        from updates.schedules.cluster import start_clock_in_workers

        language.speak(translation.gettext, translation.ngettext)
        watch.begin()
        sign_in.begin()
        start_clock_in_workers()
