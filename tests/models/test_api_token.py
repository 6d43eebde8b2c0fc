"""Tokens for programs: kept as a hash, usable while nothing speaks against it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from updates.models import ApiToken
from updates.models.api_token import PREFIX, Scope


def grant(user: User, *rights: str) -> None:
    found = Permission.objects.filter(content_type__app_label="updates", codename__in=rights)
    user.user_permissions.add(*found)


def again(token: ApiToken) -> ApiToken:
    """As the next request sees it: rights are read anew."""
    return ApiToken.objects.select_related("owner").get(pk=token.pk)


def test_the_secret_is_recognised_and_kept_nowhere(operator: User) -> None:
    token, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    assert secret.startswith(PREFIX)
    assert len(secret) >= len(PREFIX) + 43  # 256 bits
    assert ApiToken.objects.presented(secret) == token
    kept = ApiToken.objects.values().get()
    assert secret not in repr(kept)
    assert secret.startswith(kept["hint"])
    assert len(kept["hint"]) < 10


@pytest.mark.parametrize("wrong", ["", "ww_", "ww_\x00", "ww_" + "a" * 43, "x" * 9999, "ww_é"])
def test_what_is_no_token_is_none(wrong: str, operator: User) -> None:
    ApiToken.objects.issue(operator, "script", Scope.READ)
    assert ApiToken.objects.presented(wrong) is None


@pytest.mark.parametrize("end", ["expired", "revoked", "owner left"])
def test_a_token_that_has_ended_is_none(end: str, operator: User) -> None:
    token, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    assert ApiToken.objects.presented(secret)
    if end == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "revoked":
        assert ApiToken.objects.revoke(token.pk)
        assert not ApiToken.objects.revoke(token.pk)
    else:
        User.objects.update(is_active=False)
    assert ApiToken.objects.presented(secret) is None


def test_a_use_is_noted_at_most_once_a_minute(operator: User) -> None:
    _, secret = ApiToken.objects.issue(operator, "script", Scope.READ)
    for expected in (2, 1, 1):
        with CaptureQueriesContext(connection) as captured:
            ApiToken.objects.presented(secret)
        assert len(captured) == expected
    earlier = timezone.now() - timedelta(minutes=2)
    ApiToken.objects.update(last_used_at=earlier)
    ApiToken.objects.presented(secret)
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    assert noted > earlier


def test_scopes_are_ordered() -> None:
    covered = {one: [other for other in Scope if one.covers(other)] for one in Scope}
    assert covered == {
        Scope.READ: [Scope.READ],
        Scope.UPDATE: [Scope.READ, Scope.UPDATE],
        Scope.ADMIN: [Scope.READ, Scope.UPDATE, Scope.ADMIN],
    }


def test_a_token_does_no_more_than_its_owner_may(operator: User) -> None:
    token, _ = ApiToken.objects.issue(operator, "script", Scope.ADMIN)
    assert [one for one in Scope if token.allows(one)] == [Scope.READ, Scope.UPDATE]
    grant(operator, "change_registry")
    assert again(token).allows(Scope.ADMIN)
    operator.user_permissions.clear()
    assert [one for one in Scope if again(token).allows(one)] == [Scope.READ]
    User.objects.update(is_active=False)
    assert not again(token).allows(Scope.READ)


def test_a_token_does_no_more_than_its_scope(operator: User) -> None:
    operator.is_superuser = True
    operator.save()
    for scope in Scope:
        token, _ = ApiToken.objects.issue(operator, "script", scope)
        assert [one for one in Scope if token.allows(one)] == [
            one for one in Scope if scope.covers(one)
        ]


def test_a_scope_that_nobody_knows_is_refused(operator: User) -> None:
    with pytest.raises(IntegrityError):
        ApiToken.objects.create(owner=operator, name="x", scope="root", digest="1", hint="ww_")
