"""What Prometheus scrapes: /metrics, and /v1/metrics by Watchtower's names.

Closed unless WATCHWEB_METRICS_OPEN is set: a token that may read, or a person who may see
registries and schedules, which are named in it.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from updates.api.bearer import token_of
from updates.metrics import exposition, watchtower
from updates.models.api_token import Scope

_OPENMETRICS, _PLAIN = "application/openmetrics-text", "text/plain"
_RIGHTS = ("updates.view_registry", "updates.view_schedule")
_UNKNOWN = "Metrics ask for an API token that may read: Authorization: Bearer TOKEN."
_NO_RIGHT = "Metrics name registries and schedules: they are for those who may see both."
_NO_DATABASE = "The database does not answer."


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, as Prometheus' text, or as OpenMetrics for those who prefer it."""
    return _answer(request, exposition.families, is_openmetrics=_prefers_openmetrics(request))


@login_not_required
@require_safe
@never_cache
def watchtower_metrics(request: HttpRequest) -> HttpResponse:
    """What Watchtower tells of itself, in the form that it has."""
    return _answer(request, watchtower.families)


def _answer(
    request: HttpRequest,
    families: exposition.Families,
    *,
    is_openmetrics: bool = False,
) -> HttpResponse:
    try:
        if refusal := _refusal(request):
            return refusal
        text, content_type = exposition.text_of(families(), is_openmetrics=is_openmetrics)
    except Error:
        return _said(503, _NO_DATABASE)
    return HttpResponse(text, content_type=content_type)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """Why this caller gets nothing; None for those who may look."""
    if settings.WATCHWEB_METRICS_OPEN:
        return None
    token = token_of(request)
    if token is not None and token.allows(Scope.READ):
        return None
    if request.user.is_authenticated:
        return None if request.user.has_perms(_RIGHTS) else _said(403, _NO_RIGHT)
    refused = _said(401, _UNKNOWN)
    refused.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
    return refused


def _prefers_openmetrics(request: HttpRequest) -> bool:
    """Whether it is asked for, and more than plain text is."""
    wanted = {_OPENMETRICS: 0.0, _PLAIN: 0.0}
    for one in request.accepted_types:
        name = f"{one.main_type}/{one.sub_type}"
        if name in wanted:
            wanted[name] = max(wanted[name], one.quality)
    return wanted[_OPENMETRICS] > wanted[_PLAIN]


def _said(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
