"""The audit trail and the upkeep, to look through. No entry of the trail is deleted by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import AuditEntry, Upkeep


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "username", "deed", "subject", "origin", "token", "address")
    list_filter = ("deed", "origin")
    search_fields = ("username", "subject", "token", "address")
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Upkeep)
class UpkeepAdmin(ReadOnlyAdmin):
    list_display = ("job", "began_at", "seconds")
    list_filter = ("job",)
    search_fields = ("job",)
