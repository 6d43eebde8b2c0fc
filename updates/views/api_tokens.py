"""API access: a person's tokens for programs; make one, see it once, revoke it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from updates.audit.record import record
from updates.forms.api_token import ApiTokenForm
from updates.models import ApiToken
from updates.models.api_token import Scope
from updates.models.audit import Deed
from updates.tables import ApiTokenTable

PER_PAGE = 50


@require_safe
def api_tokens(request: HttpRequest) -> HttpResponse:
    """One's own; everybody's for those who may see them."""
    rows = _shown_to(request).select_related("owner")
    owners = rows.order_by().values("owner").distinct()[:2]
    table = ApiTokenTable(rows, exclude=() if len(owners) > 1 else ("owner",))
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    context = {"table": table, "is_empty": not rows.exists()}
    return render(request, "updates/api_tokens.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add_api_token(request: HttpRequest) -> HttpResponse:
    """The form; then, once, the secret. It is in this answer and nowhere else."""
    owner = _person(request)
    form = ApiTokenForm(owner, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "updates/api_token_form.html", {"form": form})
    wanted = form.cleaned_data
    row, secret = ApiToken.objects.issue(
        owner, wanted["name"], Scope(wanted["scope"]), wanted["last_day"]
    )
    return render(request, "updates/api_token_new.html", {"token": row, "secret": secret})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_api_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first. Another person's takes the right to change tokens."""
    row = get_object_or_404(_revocable_by(request).select_related("owner"), pk=pk)
    if request.method != "POST":
        return render(request, "updates/api_token_revoke.html", {"token": row})
    if ApiToken.objects.revoke(row.pk):
        record(Deed.REVOKED, f"API token {row} of {row.owner}")
        said = _("The token %(name)s was revoked: nothing is done for it any more.")
        messages.success(request, said % {"name": row})
    else:
        messages.error(request, _("The token %(name)s was revoked before.") % {"name": row})
    return redirect("api-tokens")


def _shown_to(request: HttpRequest) -> QuerySet[ApiToken]:
    may_see_all = request.user.has_perm("updates.view_apitoken")
    return ApiToken.objects.all() if may_see_all else _own(request)


def _revocable_by(request: HttpRequest) -> QuerySet[ApiToken]:
    may_revoke_all = request.user.has_perm("updates.change_apitoken")
    return ApiToken.objects.all() if may_revoke_all else _own(request)


def _own(request: HttpRequest) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(owner=_person(request))


def _person(request: HttpRequest) -> User:
    """Who is signed in: no page here is shown to anybody else."""
    return cast(User, request.user)
