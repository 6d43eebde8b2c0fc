"""Is the process alive, can it do its work? For load balancers and health checks; open to all."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from updates.api.bearer import token_of
from updates.health.bounded import bounded
from updates.health.checks import is_ready
from updates.models.api_token import Scope


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers. Nothing is asked of the database."""
    return _heeding_head(request, HttpResponse("ok\n", content_type="text/plain"))


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether everything is there that work needs: 200, or 503 with what is missing.

    Host names and errors are only for those who are signed in, or have a token that may read.
    """
    checks = bounded.checks()
    answers = any(check.name == "database" and check.is_ok for check in checks)
    # Who asks can only be told by a database that answers.
    with_details = answers and _is_known(request)
    document = {
        "ready": is_ready(checks),
        "checks": [check.to_json(with_details=with_details) for check in checks],
    }
    status = 200 if document["ready"] else 503
    return _heeding_head(request, JsonResponse(document, status=status))


def _heeding_head(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Without its body for HEAD: gunicorn drops it, and writes a warning for each probe."""
    if request.method == "HEAD":
        answer.content = b""
    return answer


def _is_known(request: HttpRequest) -> bool:
    if request.user.is_authenticated:
        return True
    token = token_of(request)
    return token is not None and token.allows(Scope.READ)
