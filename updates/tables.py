"""The lists: sortable, paged, and stacked into cards on a narrow screen."""

from collections.abc import Collection
from functools import partial

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from updates import cells
from updates.models import (
    ApiToken,
    Container,
    Delivery,
    Registry,
    RegistryToken,
    RemoteDigest,
    UpdateRun,
    WebhookDelivery,
)

CELLS = "updates/cells.html"
cell = partial(cells.cell, CELLS)


class HostContainerTable(tables.Table):  # type: ignore[misc]
    """What runs on one host."""

    name = cell("name", "full", verbose_name=_("Name"))
    stack = tables.Column(
        empty_values=(None,), attrs={"td": {"class": "wide"}}, verbose_name=_("Stack")
    )
    image = cell("image", "full", verbose_name=_("Image"))
    state = cell("state", verbose_name=_("State"))
    status = cell("status", "loose", verbose_name=_("Status"))
    checked_at = cell("checked", "labelled", verbose_name=_("Checked"))
    settings = cell("settings", verbose_name="", orderable=False)

    class Meta:
        model = Container
        fields = ("name", "stack", "image", "state", "status", "checked_at", "settings")
        empty_text = _("This host has not been scanned yet, or runs no container.")
        order_by = ("name",)


class RunTable(tables.Table):  # type: ignore[misc]
    compare = tables.Column(
        _("Compare"), accessor="pk", orderable=False, attrs={"td": {"class": "select"}}
    )
    pk = cell("run", verbose_name=_("Run"), order_by=("pk",))
    state = cell("run_state", verbose_name=_("State"))
    counts = cell("counts", "full", verbose_name=_("Result"), orderable=False)
    trigger = cell("trigger", verbose_name=_("Started by"))
    created_at = cell("created", verbose_name=_("When"))
    seconds = cell("seconds", "labelled", verbose_name=_("Took"), orderable=False)

    class Meta:
        model = UpdateRun
        fields = ("compare", "pk", "state", "counts", "trigger", "created_at", "seconds")
        empty_text = _("No run fits these filters.")
        order_by = ("-pk",)

    def __init__(self, rows: object, *, selected: Collection[str] = (), **kwargs: object) -> None:
        self.selected = selected
        super().__init__(rows, **kwargs)

    def render_compare(self, record: UpdateRun) -> SafeString:
        is_selected = str(record.pk) in self.selected
        name = f"{CELLS}#run_select"
        return render_to_string(name, {"record": record, "is_selected": is_selected})


class RegistryTable(tables.Table):  # type: ignore[misc]
    """Rows with `image_count`, the number of images that were checked there."""

    domain = cell("registry", "full", verbose_name=_("Registry"))
    username = cell("signs_in", "labelled", verbose_name=_("Login"))
    trust = cell("trust", "labelled", verbose_name=_("TLS"))
    health = cell("health", "full", orderable=False, verbose_name=_("Health"))
    latency_ms = cell("latency", "labelled", verbose_name=_("Latency"))
    budget = cell("budget", "labelled", verbose_name=_("Rate limit"), orderable=False)
    image_count = cell("use", "labelled", verbose_name=_("Images"), orderable=False)

    class Meta:
        model = Registry
        fields = ("domain", "username", "trust", "health", "latency_ms", "budget", "image_count")
        empty_text = _("No registry fits this search.")
        order_by = ("domain",)


class ImageTable(tables.Table):  # type: ignore[misc]
    """The answers of one registry."""

    reference = cell("reference", "full", verbose_name=_("Image"))
    digest = cell("answer", "full", orderable=False, verbose_name=_("Digest"))
    checked_at = cell("checked", "labelled", verbose_name=_("Asked"))
    due_at = cell("due", "labelled", verbose_name=_("Next check from"))
    again = cell("again", verbose_name="", orderable=False)

    class Meta:
        model = RemoteDigest
        fields = ("reference", "digest", "checked_at", "due_at", "again")
        empty_text = _("No image of this registry has been checked yet.")
        order_by = ("reference", "via")


class TokenTable(tables.Table):  # type: ignore[misc]
    """Tokens by what they are kept under; their values are in no column."""

    registry = cell("token_registry", "full", verbose_name=_("Registry"))
    scope = cell("token_scope", "full", verbose_name=_("Scope and token service"))
    fingerprint = cell("token_who", "labelled", verbose_name=_("Who"))
    fetched_at = cell("token_age", "labelled", verbose_name=_("Age"), order_by=("-fetched_at",))
    expires_at = cell("token_expires", "labelled", verbose_name=_("Expires"))
    hits = tables.Column(attrs={"td": {"class": "labelled"}}, verbose_name=_("Hits"))
    state = cell("token_state", orderable=False, verbose_name=_("State"))
    flush = cell("token_flush", verbose_name="", orderable=False)

    class Meta:
        model = RegistryToken
        fields: tuple[str, ...] = (
            "registry",
            "scope",
            "fingerprint",
            "fetched_at",
            "expires_at",
            "hits",
            "state",
            "flush",
        )
        empty_text = _("No token fits this search.")
        order_by: tuple[str, ...] = ("registry", "scope")


class RegistryTokenTable(TokenTable):
    """Those of one registry."""

    registry = None  # type: ignore[assignment] # django-tables2's way to leave a column out

    class Meta(TokenTable.Meta):
        fields = TokenTable.Meta.fields[1:]
        empty_text = _("No token of this registry is kept just now.")
        order_by = ("scope",)


class DeliveryTable(tables.Table):  # type: ignore[misc]
    """What became of a channel's messages."""

    state = cell("delivery_state", "full", verbose_name=_("Outcome"))
    title = cell("delivery_text", "full", verbose_name=_("Message"), orderable=False)
    attempts = tables.Column(_("Tries"), attrs={"td": {"class": "labelled"}})
    created_at = cell("created", "labelled", verbose_name=_("When"))

    class Meta:
        model = Delivery
        fields = ("state", "title", "attempts", "created_at")
        empty_text = _("Nothing was sent yet.")
        order_by = ("-created_at",)


class ApiTokenTable(tables.Table):  # type: ignore[misc]
    """Tokens for programs, by what they are called; the tokens themselves are nowhere."""

    name = cell("api_token", "full", verbose_name=_("Name"))
    owner = tables.Column(
        order_by=("owner__username",), attrs={"td": {"class": "labelled"}}, verbose_name=_("Owner")
    )
    scope = tables.Column(attrs={"td": {"class": "labelled"}}, verbose_name=_("Scope"))
    last_used_at = cell("api_token_used", "labelled", verbose_name=_("Last used"))
    expires_at = cell("api_token_expires", "labelled", verbose_name=_("Expires"))
    state = cell("api_token_state", orderable=False, verbose_name=_("State"))
    revoke = cell("api_token_revoke", verbose_name="", orderable=False)

    class Meta:
        model = ApiToken
        fields = ("name", "owner", "scope", "last_used_at", "expires_at", "state", "revoke")
        order_by = ("-pk",)

    def render_scope(self, record: ApiToken) -> str:
        return str(record.scope)


class WebhookDeliveryTable(tables.Table):  # type: ignore[misc]
    """What a webhook's sender told, and what came of it."""

    outcome = cell("hook_outcome", "full", verbose_name=_("Outcome"))
    pushes = cell("hook_images", "full", verbose_name=_("Images"), orderable=False)
    event = tables.Column(attrs={"td": {"class": "labelled"}}, verbose_name=_("Event"))
    received_at = cell("received", "labelled", verbose_name=_("When"))

    class Meta:
        model = WebhookDelivery
        fields = ("outcome", "pushes", "event", "received_at")
        empty_text = _("Nothing was delivered yet.")
        order_by = ("-received_at",)
