"""Where registries deliver: the one page that is open to the world and takes something."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from updates.models import Webhook
from updates.pushes.receive import Receipt, receive
from updates.webhooks.message import Arrival

MAX_BODY_BYTES = 1024 * 1024
_UNKNOWN = Receipt(404, "refused", "There is no such webhook.")
_UNREADABLE = Receipt(503, "refused", "The secret of this webhook cannot be read any more.")
_TOO_LARGE = Receipt(413, "refused", f"The body is larger than {MAX_BODY_BYTES} bytes.")
_BROKEN_OFF = Receipt(400, "refused", "The body did not come in full.")


@csrf_exempt
@login_not_required
@require_POST
def hook(request: HttpRequest, address: str) -> HttpResponse:
    """What it answers is a small JSON document; never what the delivery said."""
    receipt = _receipt(request, address)
    answer = JsonResponse(receipt.to_json(), status=receipt.status)
    if receipt.status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def _receipt(request: HttpRequest, address: str) -> Receipt:
    try:
        webhook = Webhook.objects.filter(address=address).first()
    except ImproperlyConfigured:  # The key that its secret was saved with is not here any more.
        return _UNREADABLE
    if webhook is None:
        return _UNKNOWN
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length[:12]) > MAX_BODY_BYTES:
        return _TOO_LARGE
    try:
        body = request.body
    except UnreadablePostError:
        return _BROKEN_OFF
    headers = {name.lower(): value for name, value in request.headers.items()}
    return receive(webhook, Arrival(body, headers, request.GET.dict()), timezone.now())
