"""The audit trail: a list with filters in its address, and the same as CSV or JSON."""

import json
from collections.abc import Iterator
from typing import Any

import django_filters
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.forms import DateInput, TextInput
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from updates.models import AuditEntry
from updates.models.audit import Deed
from updates.spreadsheet import lines

PER_PAGE = 50
COLUMNS = ("at", "who", "from", "api_token", "address", "deed", "subject", "changes")
_MAX_DIGITS = 18


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]
    person = django_filters.CharFilter(
        label=gettext_lazy("Person"),
        field_name="username",
        widget=TextInput(attrs={"type": "search", "placeholder": gettext_lazy("User name")}),
    )
    kind = django_filters.ChoiceFilter(
        choices=Deed.choices,
        label=gettext_lazy("Kind"),
        empty_label=gettext_lazy("Everything"),
        field_name="deed",
    )
    since = django_filters.DateTimeFilter(
        label=gettext_lazy("Since"), method="from_then_on", widget=DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = AuditEntry
        fields = ("person", "kind", "since")

    def from_then_on(self, rows: QuerySet[AuditEntry], _: str, moment: Any) -> QuerySet[AuditEntry]:
        return rows & AuditEntry.objects.since(moment)


@require_safe
@permission_required("updates.view_auditentry", raise_exception=True)
def audit(request: HttpRequest) -> HttpResponse:
    """The newest first; `?before=` goes on where a page ended. Nothing is counted."""
    chosen = AuditFilter(request.GET, queryset=AuditEntry.objects.all())
    before = request.GET.get("before", "")
    rows = chosen.qs
    if before.isdecimal() and len(before) <= _MAX_DIGITS:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PER_PAGE + 1])
    context = {
        "filter": chosen,
        "entries": found[:PER_PAGE],
        "older": _older(request.GET, found),
        "is_filtered": any(chosen.form.data.get(name) for name in AuditFilter.Meta.fields),
        "sent": _without_place(request.GET).urlencode(),
        "is_first": "before" not in request.GET,
    }
    return render(request, "updates/audit.html", context)


@require_safe
@permission_required("updates.view_auditentry", raise_exception=True)
def audit_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """All that the filters let through, as it is read from the database."""
    rows = AuditFilter(request.GET, queryset=AuditEntry.objects.all()).qs
    found = rows.iterator(chunk_size=500)
    if form == "csv":
        table = ([*_facts(one).values()] for one in found)
        answer = StreamingHttpResponse(lines(COLUMNS, table), content_type="text/csv")
    else:
        answer = StreamingHttpResponse(_json(found), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return answer


def _facts(row: AuditEntry) -> dict[str, str]:
    said = (f"{what}: {old or 'nothing'} -> {new or 'nothing'}" for what, old, new in row.changes)
    values = (
        row.at.isoformat(),
        row.username,
        row.origin,
        row.token,
        row.address,
        row.deed,
        row.subject,
        "; ".join(said),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _json(rows: Iterator[AuditEntry]) -> Iterator[str]:
    """One array, an entry a line."""
    begin = "["
    for row in rows:
        changes = [dict(zip(("what", "old", "new"), one, strict=True)) for one in row.changes]
        yield f"{begin}\n{json.dumps(_facts(row) | {'changes': changes})}"
        begin = ","
    yield "[]\n" if begin == "[" else "\n]\n"


def _older(sent: QueryDict, found: list[AuditEntry]) -> str:
    """The query of the next page; "" if this is the last."""
    if len(found) <= PER_PAGE:
        return ""
    following = _without_place(sent)
    following["before"] = str(found[PER_PAGE - 1].pk)
    return following.urlencode()


def _without_place(sent: QueryDict) -> QueryDict:
    kept = sent.copy()
    kept.pop("before", None)
    return kept
