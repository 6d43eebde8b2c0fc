"""The sums that metrics are made from, to read."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import HourCount, Tally


@admin.register(Tally)
class TallyAdmin(ReadOnlyAdmin):
    list_display = ("family", "subject", "series", "value")
    list_filter = ("family",)
    search_fields = ("family", "labels")

    @admin.display(description="labels", ordering="labels")
    def series(self, row: Tally) -> str:
        return row.labels.replace("\n", ", ")


@admin.register(HourCount)
class HourCountAdmin(ReadOnlyAdmin):
    list_display = ("hour", "state", "number")
    list_filter = ("state",)
    search_fields = ("state",)
    date_hierarchy = "hour"
