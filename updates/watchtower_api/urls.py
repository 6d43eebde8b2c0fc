"""Watchtower's addresses. The last one answers for all that there is not."""

from django.urls import path

from updates.watchtower_api.check import check
from updates.watchtower_api.config import config
from updates.watchtower_api.containers import containers, details, images
from updates.watchtower_api.elsewhere import elsewhere
from updates.watchtower_api.events import events
from updates.watchtower_api.history import history, status
from updates.watchtower_api.probes import alive
from updates.watchtower_api.update import update

urlpatterns = [
    path("livez", alive, name="livez"),
    path("startupz", alive, name="startupz"),
    path("v1/update", update, name="watchtower-update"),
    path("v1/check", check, name="watchtower-check"),
    path("v1/containers", containers, name="watchtower-containers"),
    path("v1/containers/details", details, name="watchtower-details"),
    path("v1/images", images, name="watchtower-images"),
    path("v1/history", history, name="watchtower-history"),
    path("v1/status", status, name="watchtower-status"),
    path("v1/config", config, name="watchtower-config"),
    path("v1/events", events, name="watchtower-events"),
    path("v1/<path:path>", elsewhere, name="watchtower-elsewhere"),
]
