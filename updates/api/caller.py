"""Who calls: a token's owner, or whoever is signed in and came from one of the pages."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from updates.api.bearer import token_of
from updates.api.problems import Problem
from updates.models import ApiToken
from updates.models.api_token import PREFIX, Scope

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Watchweb"'}
_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, and the token that speaks for them; None: their session does."""

    user: User
    token: ApiToken | None = None

    def require(self, scope: Scope, *rights: str) -> None:
        """Raises Problem 403 unless the token reaches so far and its owner has these rights."""
        if self.token is not None and not Scope(self.token.scope).covers(scope):
            raise Problem(
                403,
                f"This takes a token of the scope “{scope.value}”; yours has “{self.token.scope}”.",
            )
        for right in rights:
            if not self.user.has_perm(right):
                raise Problem(403, f"{self.user} lacks the right “{_name_of(right)}”.")


class ApiRequest(HttpRequest):
    """A request that the door has let in."""

    caller: Caller


def caller_of(request: HttpRequest) -> Caller:
    """Raises Problem: 401 for nobody and for a token that is none, 403 for a forged form."""
    if token := token_of(request):
        return Caller(token.owner, token)
    sent = request.headers.get("Authorization", "").strip().lower()
    if sent.startswith(("bearer", PREFIX)):
        raise Problem(401, "This token is unknown, expired or revoked.", headers=CHALLENGE)
    if not isinstance(request.user, User):
        raise Problem(401, "Send an API token: “Authorization: Bearer ww_…”.", headers=CHALLENGE)
    if request.method not in _SAFE and _is_forged(request):
        raise Problem(403, "A session has to send its CSRF token, in the header X-CSRFToken.")
    return Caller(request.user)


def _is_forged(request: HttpRequest) -> bool:
    """Whether the request lacks what only a page of ours knows."""
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    return check.process_view(request, lambda _: HttpResponse(), (), {}) is not None


def _name_of(right: str) -> str:
    """As the admin names it."""
    label, _, codename = right.partition(".")
    found = Permission.objects.filter(content_type__app_label=label, codename=codename).first()
    return found.name if found else right
