"""Settings per level, to look through; they are changed on their own pages."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import Hold, Policy, Preference, SeenDigest


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "host", "container", "values", "changed_at")
    list_filter = ("host",)
    search_fields = ("container", "host__name")
    list_select_related = ("host",)

    def view_on_site(self, row: Policy) -> str:
        """The page on which it is changed."""
        return row.get_absolute_url()


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("container", "host", "digest", "version", "reason", "user", "created_at")
    list_filter = ("host",)
    search_fields = ("container", "digest", "reason")
    list_select_related = ("host", "user")


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "theme", "time_zone")
    list_filter = ("theme",)
    search_fields = ("user__username", "time_zone")
    list_select_related = ("user",)


@admin.register(SeenDigest)
class SeenDigestAdmin(ReadOnlyAdmin):
    list_display = ("digest", "first_seen_at")
    search_fields = ("digest",)
