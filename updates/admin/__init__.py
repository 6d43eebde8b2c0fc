"""The admin: hosts and registries are kept here; history is shown and never changed."""

from updates.admin.api_tokens import ApiTokenAdmin, IdempotencyKeyAdmin
from updates.admin.audit import AuditEntryAdmin, UpkeepAdmin
from updates.admin.history import (
    ContainerAdmin,
    ContainerResultAdmin,
    HeartbeatAdmin,
    HostRunAdmin,
    ImageConfigAdmin,
    ImagePlatformsAdmin,
    RemoteDigestAdmin,
    ReplacementAdmin,
    RunEventAdmin,
    SettledImageAdmin,
    UpdateRunAdmin,
)
from updates.admin.hosts import HostAdmin
from updates.admin.metrics import HourCountAdmin, TallyAdmin
from updates.admin.notifications import ChannelAdmin, DeliveryAdmin, NoticeAdmin, ToldAdmin
from updates.admin.policies import PolicyAdmin, SeenDigestAdmin
from updates.admin.queue import hide_queue
from updates.admin.registries import RegistryAdmin, RegistryTokenAdmin
from updates.admin.schedules import ScheduleAdmin, SchedulePauseAdmin, ScheduleTickAdmin
from updates.admin.webhooks import WebhookAdmin, WebhookDeliveryAdmin

hide_queue()

__all__ = [
    "ApiTokenAdmin",
    "AuditEntryAdmin",
    "ChannelAdmin",
    "ContainerAdmin",
    "ContainerResultAdmin",
    "DeliveryAdmin",
    "HeartbeatAdmin",
    "HostAdmin",
    "HostRunAdmin",
    "HourCountAdmin",
    "IdempotencyKeyAdmin",
    "ImageConfigAdmin",
    "ImagePlatformsAdmin",
    "NoticeAdmin",
    "PolicyAdmin",
    "RegistryAdmin",
    "RegistryTokenAdmin",
    "RemoteDigestAdmin",
    "ReplacementAdmin",
    "RunEventAdmin",
    "ScheduleAdmin",
    "SchedulePauseAdmin",
    "ScheduleTickAdmin",
    "SeenDigestAdmin",
    "SettledImageAdmin",
    "TallyAdmin",
    "ToldAdmin",
    "UpdateRunAdmin",
    "UpkeepAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
]
