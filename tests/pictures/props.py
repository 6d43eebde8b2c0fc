"""What the story needs: images, commands, forms, and scripts for Watchweb's own shell."""

from tests.lab.images import ImageSpec

# Healthy as soon as somebody says so: the update waits for the pictures.
_PATIENT = {
    "Test": ["CMD-SHELL", "test -f /ready"],
    "Interval": 1_000_000_000,
    "Timeout": 2_000_000_000,
    "StartPeriod": 600_000_000_000,
    "Retries": 3,
}
PLAYER = ImageSpec(
    version="2",
    env=("PLAYER_TRANSCODING=hardware", "PLAYER_LANGUAGE=en"),
    exposed=("8096/tcp",),
    labels={
        "org.opencontainers.image.source": "https://github.com/example/player",
        "org.opencontainers.image.revision": "4be1c09d2f6a77b1",
    },
    healthcheck=_PATIENT,
    ballast_bytes=3_000_000,
)
BROKEN_SHOP = ImageSpec(version="2", cmd=("/bin/sh", "-c", "sleep 1; exit 1"))
COMMANDS = (
    "addhost attic tcp://127.0.0.1:9",  # Nobody listens there.
    "addregistry ghcr.io --username me --password-stdin",
    "schedule add nightly '0 4 * * *' --zone Europe/Berlin",
    "schedule add weekend @hourly --window 'sat,sun 22:00-04:00' --name 'shop-*'",
    "schedule add look 6h --kind scan",
    "apitoken add grafana --user admin",
    "apitoken add deploy --user admin --scope update --days 90",
    "settings --set cleanup=yes --set rollback-window=3d",
)
CHANNEL = {
    "name": "phone",
    "enabled": "on",
    "kind": "apprise",
    "events": ["updated", "rolled_back", "failed", "host_away"],
    "min_severity": "1",
    "digest_minutes": "0",
    "zone": "UTC",
    "preset": "short",
    "title": "Watchweb: {{ summary }}",
}
WEBHOOK = {
    "name": "pipeline",
    "enabled": "on",
    "kind": "generic",
    "action": "scan",
    "zone": "UTC",
}
ROWS = """
import json
from updates.models import Container, Webhook
containers = dict(Container.objects.values_list("name", "pk"))
webhook = Webhook.objects.get(name="pipeline")
print(json.dumps({"containers": containers, "webhook": [webhook.address, webhook.secret]}))
"""
# The days before: nobody has a month to wait for a graph.
MONTH = """
from datetime import timedelta
from django.utils import timezone
from updates.models.hour_count import HourCount
for day in range(1, 30):
    counts = {"updated": day * 5 % 7, "rolled_back": day % 9 == 4, "failed": day % 13 == 6}
    HourCount.objects.add(timezone.now() - timedelta(days=day), counts)
"""
