"""What started a run, with the way to it for those who may see it."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.translation import gettext as _

from updates.models import ScheduleTick, UpdateRun, WebhookDelivery

Trigger = UpdateRun.Trigger


@dataclass(frozen=True, slots=True)
class Origin:
    """`how` in a word; `name` of who or what, "" where nobody knows or may know; `address` of its
    page, "" for none."""

    how: str
    name: str = ""
    address: str = ""


def origin_of(run: UpdateRun, seen_by: User | AnonymousUser) -> Origin:
    """One query at most; the run comes with its user and its token."""
    how = run.get_trigger_display()
    if run.trigger == Trigger.SCHEDULE and seen_by.has_perm("updates.view_schedule"):
        return _schedule(run, how)
    if run.trigger == Trigger.WEBHOOK and seen_by.has_perm("updates.view_webhook"):
        return _webhook(run, how)
    if run.api_token is not None:
        token = f"{run.api_token.name} ({run.user})" if run.user else run.api_token.name
        is_own = run.api_token.owner_id == seen_by.pk
        sees = is_own or seen_by.has_perm("updates.view_apitoken")
        return Origin(_("API token"), token if sees else str(run.user or ""), _tokens(sees=sees))
    return Origin(how, str(run.user or ""))


def _tokens(*, sees: bool) -> str:
    return reverse("api-tokens") if sees else ""


def _schedule(run: UpdateRun, how: str) -> Origin:
    tick = ScheduleTick.objects.filter(run=run).select_related("schedule").first()
    if tick is None:
        return Origin(how)
    return Origin(how, str(tick.schedule), tick.schedule.get_absolute_url())


def _webhook(run: UpdateRun, how: str) -> Origin:
    rows = WebhookDelivery.objects.filter(run=run).select_related("webhook")
    row = rows.only("webhook__name").first()
    if row is None:
        return Origin(how)
    return Origin(how, str(row.webhook), row.webhook.get_absolute_url())
