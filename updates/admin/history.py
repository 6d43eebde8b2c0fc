"""Inventory, runs, results, events, journal: what happened, to read."""

from django.contrib import admin

from updates.admin.read_only import ReadOnlyAdmin
from updates.models import (
    Container,
    ContainerResult,
    Heartbeat,
    HostRun,
    ImageConfig,
    ImagePlatforms,
    RemoteDigest,
    Replacement,
    RunEvent,
    SettledImage,
    UpdateRun,
)


@admin.register(Container)
class ContainerAdmin(ReadOnlyAdmin):
    list_display = ("name", "host", "stack", "image", "state", "status", "checked_at")
    list_filter = ("host", "status", "state", "stack")
    search_fields = ("name", "image", "container_id")
    list_select_related = ("host",)


@admin.register(UpdateRun)
class UpdateRunAdmin(ReadOnlyAdmin):
    list_display = (
        "__str__",
        "state",
        "trigger",
        "user",
        "api_token",
        "cancelled_by",
        "created_at",
        "finished_at",
    )
    list_filter = ("kind", "state", "trigger")
    search_fields = ("user__username",)
    date_hierarchy = "created_at"
    list_select_related = ("user", "cancelled_by", "api_token")


@admin.register(HostRun)
class HostRunAdmin(ReadOnlyAdmin):
    list_display = ("run", "host", "state", "started_at", "finished_at", "error")
    list_filter = ("state", "host")
    search_fields = ("host__name", "error")
    list_select_related = ("run", "host")


@admin.register(ContainerResult)
class ContainerResultAdmin(ReadOnlyAdmin):
    list_display = ("name", "image", "state", "reason", "host_run", "place", "wave", "seconds")
    list_filter = ("state", "host_run__host")
    search_fields = ("name", "image", "reason", "container_id", "new_id")
    list_select_related = ("host_run__run", "host_run__host")


@admin.register(RunEvent)
class RunEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "host_run", "container", "step", "message")
    list_filter = ("step", "host_run__host")
    search_fields = ("container", "message")
    list_select_related = ("host_run__run", "host_run__host")


@admin.register(Replacement)
class ReplacementAdmin(ReadOnlyAdmin):
    exclude = ("snapshot", "body")  # A container's environment holds passwords.
    list_display = ("name", "host_run", "step", "is_done", "outcome", "opened_at", "closed_at")
    list_filter = ("outcome", "step")
    search_fields = ("name", "old_id", "new_id")
    list_select_related = ("host_run__run", "host_run__host")


@admin.register(RemoteDigest)
class RemoteDigestAdmin(ReadOnlyAdmin):
    list_display = (
        "reference",
        "via",
        "digest",
        "error_kind",
        "error",
        "checked_at",
        "answered_at",
        "due_at",
    )
    search_fields = ("reference", "via", "digest", "error")
    list_filter = ("error_kind", "is_missing")


@admin.register(ImageConfig)
class ImageConfigAdmin(ReadOnlyAdmin):
    list_display = ("digest", "platform", "read_at")
    list_filter = ("platform",)
    search_fields = ("digest",)


@admin.register(ImagePlatforms)
class ImagePlatformsAdmin(ReadOnlyAdmin):
    list_display = ("digest", "names", "read_at")
    search_fields = ("digest",)

    @admin.display(description="platforms")
    def names(self, row: ImagePlatforms) -> str:
        return ", ".join(row.platforms)


@admin.register(SettledImage)
class SettledImageAdmin(ReadOnlyAdmin):
    list_display = ("digest", "image_id", "created_at")
    search_fields = ("digest", "image_id")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("queue", "asked_at", "beaten_at")
    search_fields = ("queue",)
