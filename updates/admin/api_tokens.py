"""Tokens for programs, to look through and to revoke; and the keys of their requests."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from updates.admin.read_only import ReadOnlyAdmin
from updates.audit.record import record
from updates.models import ApiToken, IdempotencyKey
from updates.models.audit import Deed


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    fields = (
        *("name", "owner", "scope", "hint"),
        *("created_at", "expires_at", "last_used_at", "revoked_at"),
    )
    list_display = ("name", "owner", "scope", "hint", "last_used_at", "expires_at", "revoked_at")
    list_filter = ("scope", "owner")
    search_fields = ("name", "hint", "owner__username")
    list_select_related = ("owner",)
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("updates.change_apitoken")

    @admin.action(description="Revoke the selected tokens", permissions=["revoke"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        revoked = [token for token in tokens if ApiToken.objects.revoke(token.pk)]
        for token in revoked:
            record(Deed.REVOKED, f"API token {token} of {token.owner}")
        count = len(revoked)
        self.message_user(
            request, f"{count} token{'' if count == 1 else 's'} revoked.", messages.SUCCESS
        )


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    fields = ("key", "owner", "run", "created_at")
    list_display = ("key", "owner", "run", "created_at")
    list_filter = ("owner",)
    search_fields = ("key", "owner__username")
    list_select_related = ("owner", "run")
