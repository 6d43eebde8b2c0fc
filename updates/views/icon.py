"""The browser's icon, with the number of updates that wait."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from updates.models import Container

MANY = 99


@require_safe
@cache_control(private=True, max_age=60)
def icon(request: HttpRequest) -> HttpResponse:
    waiting = Container.objects.filter(status=Container.Status.UPDATE_AVAILABLE).count()
    number = f"{MANY}+" if waiting > MANY else str(waiting or "")
    return render(request, "updates/icon.svg", {"number": number}, content_type="image/svg+xml")
