"""GET /v1/config: the settings that count everywhere; none of them is a secret."""

from django.http import HttpRequest, HttpResponse

from updates.flow.settings import Settings
from updates.runs.policies import everywhere
from updates.watchtower_api.answers import document
from updates.watchtower_api.callers import Caller
from updates.watchtower_api.endpoint import endpoint


@endpoint("GET", "HEAD")
def config(_request: HttpRequest, _caller: Caller) -> HttpResponse:
    settings = everywhere().for_host().settings
    return document(
        config={
            "monitor_only": settings.monitor_only,
            "cleanup": settings.cleanup,
            "no_pull": settings.no_pull,
            "no_restart": settings.no_restart,
            "rolling_restart": settings.rolling_restart,
            "include_stopped": settings.include_stopped,
            "include_restarting": settings.include_restarting,
            "lifecycle_hooks": settings.enable_lifecycle_hooks,
            "label_enable": settings.label_enable,
            "filter_desc": _description(settings),
            "scope": settings.scope,
            "git_enable": False,
        }
    )


def _description(settings: Settings) -> str:
    """Who takes part, in Watchtower's words."""
    if settings.label_enable:
        return "Only checking containers using enable label"
    return "Checking all containers (except explicitly disabled with label)"
