"""The rows: hosts, registries and their tokens, the inventory, runs and their results."""

from updates.models.answer import ImagePlatforms, RemoteDigest, SeenDigest, SettledImage
from updates.models.api_token import ApiToken
from updates.models.audit import AuditEntry
from updates.models.channel import Channel
from updates.models.container import Container
from updates.models.delivery import Delivery, Notice, Told
from updates.models.heartbeat import Heartbeat
from updates.models.hold import Hold
from updates.models.host import Host
from updates.models.host_run import HostRun
from updates.models.hour_count import HourCount
from updates.models.idempotency import IdempotencyKey
from updates.models.image_config import ImageConfig
from updates.models.policy import Policy
from updates.models.preference import Preference
from updates.models.registry import Registry
from updates.models.replacement import Replacement
from updates.models.result import ContainerResult, RunEvent
from updates.models.run import UpdateRun
from updates.models.schedule import Schedule
from updates.models.schedule_pause import SchedulePause
from updates.models.schedule_tick import ScheduleTick
from updates.models.tally import Tally
from updates.models.token import RegistryToken
from updates.models.upkeep import Upkeep
from updates.models.webhook import Webhook
from updates.models.webhook_delivery import WebhookDelivery

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Channel",
    "Container",
    "ContainerResult",
    "Delivery",
    "Heartbeat",
    "Hold",
    "Host",
    "HostRun",
    "HourCount",
    "IdempotencyKey",
    "ImageConfig",
    "ImagePlatforms",
    "Notice",
    "Policy",
    "Preference",
    "Registry",
    "RegistryToken",
    "RemoteDigest",
    "Replacement",
    "RunEvent",
    "Schedule",
    "SchedulePause",
    "ScheduleTick",
    "SeenDigest",
    "SettledImage",
    "Tally",
    "Told",
    "UpdateRun",
    "Upkeep",
    "Webhook",
    "WebhookDelivery",
]
