"""Schedules and their ticks, to look through; they are changed on their own pages."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import Schedule, SchedulePause, ScheduleTick


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    list_display = ("name", "enabled", "kind", "when", "zone", "next_at", "last_tick")
    list_filter = ("enabled", "kind", "hosts")
    search_fields = ("name", "when", "names", "stack")
    list_select_related = ("last_tick__schedule",)

    def view_on_site(self, row: Schedule) -> str:
        """The page on which it is changed."""
        return row.get_absolute_url()


@admin.register(ScheduleTick)
class ScheduleTickAdmin(ReadOnlyAdmin):
    list_display = ("schedule", "due_at", "happened_at", "kind", "outcome", "reason", "run")
    list_filter = ("outcome", "kind", "schedule")
    search_fields = ("schedule__name", "reason")
    list_select_related = ("schedule", "run")


@admin.register(SchedulePause)
class SchedulePauseAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "paused_at", "user")
    list_filter = ("paused_at",)
    search_fields = ("user__username",)
    list_select_related = ("user",)
