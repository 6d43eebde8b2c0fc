"""The token cache: what is kept, under which key, for how long; never a token."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from updates.audit.record import record
from updates.filters import TokenFilter
from updates.models import RegistryToken
from updates.models.audit import Deed
from updates.tables import TokenTable

PER_PAGE = 50
_NAMES = ("token", "registry", "all", "next")
_MAX_DIGITS = 18
_THIS, _REGISTRYS, _ALL = "this token", "the tokens of %(registry)s", "all tokens"
_QUESTIONS = {
    _THIS: gettext_noop("Flush this token?"),
    _REGISTRYS: gettext_noop("Flush the tokens of %(registry)s?"),
    _ALL: gettext_noop("Flush all tokens?"),
}


@require_safe
@permission_required("updates.view_registrytoken", raise_exception=True)
def tokens(request: HttpRequest) -> HttpResponse:
    rows = RegistryToken.objects.defer("value")
    chosen = TokenFilter(request.GET, queryset=rows)
    table = TokenTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {"filter": chosen, "table": table, "is_empty": not rows.exists()}
    return render(request, "updates/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(("updates.view_registrytoken", "updates.flush_tokens"), raise_exception=True)
def flush_tokens(request: HttpRequest) -> HttpResponse:
    """Ask, saying how many; then delete them. `token`, `registry` or `all` says which."""
    sent = request.GET if request.method != "POST" else request.POST
    chosen, what = _chosen(sent)
    back = _way_back(sent)
    if request.method != "POST":
        again = {name: sent[name] for name in _NAMES if name in sent}
        question = _(_QUESTIONS[what]) % {"registry": sent.get("registry", "")}
        context = {"count": chosen.count(), "question": question, "sent": again, "back": back}
        return render(request, "updates/tokens_flush.html", context)
    count = flush(chosen, what % {"registry": sent.get("registry", "")})
    said = ngettext("%(count)d token flushed.", "%(count)d tokens flushed.", count)
    messages.success(request, said % {"count": count})
    return redirect(back)


def flush(chosen: QuerySet[RegistryToken], what: str) -> int:
    """Delete them; how many. One that is being fetched just now stays: it will be new."""
    count, __ = chosen.filter(RegistryToken.free()).delete()
    record(Deed.FLUSHED, f"{what}, {count} in number")
    return count


def _chosen(sent: QueryDict) -> tuple[QuerySet[RegistryToken], str]:
    """The tokens, and what they are in words, as the audit trail keeps them."""
    rows = RegistryToken.objects.defer("value")
    if token := sent.get("token", ""):
        is_key = token.isdecimal() and len(token) <= _MAX_DIGITS
        return rows.filter(pk=int(token)) if is_key else rows.none(), _THIS
    if registry := sent.get("registry", ""):
        return rows.filter(registry=registry), _REGISTRYS
    return (rows if "all" in sent else rows.none()), _ALL


def _way_back(sent: QueryDict) -> str:
    place = sent.get("next", "")
    return place if url_has_allowed_host_and_scheme(place, None) else reverse("tokens")
