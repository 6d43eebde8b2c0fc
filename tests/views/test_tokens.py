"""The token cache: what is kept and for how long, never a token; and flushing it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.views import rows
from updates.models import RegistryToken

FLUSH = "/tokens/flush/"
AGO = -timedelta(hours=1)


def scopes() -> set[str]:
    return set(RegistryToken.objects.values_list("scope", flat=True))


def test_an_empty_cache_says_what_it_is_for(admin_client: Client) -> None:
    page = rows.text(admin_client, "/tokens/")
    assert "so that it is asked for once and not for each image" in page
    assert "Flush" not in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, [">Fresh<", "anonymous", "in 4\xa0minutes", "moments"]),
        ({"fingerprint": "0123456789abcdef"}, ["<code>01234567</code>"]),
        ({"expires_at": AGO}, [">Expired<"]),
        ({"expires_at": None, "value": ""}, [">Expired<"]),
        ({"filling_until": timedelta(minutes=5)}, [">Being fetched<"]),
        ({"hits": 4711}, ["4711"]),
        ({"fetched_at": -timedelta(minutes=3, seconds=9)}, ["3\xa0minutes"]),
        ({"realm": "credentials:ecr"}, ["own role"]),
        ({"scope": ""}, ["no scope"]),
        ({}, ["https://tokens.example.com/token", "for example-service"]),
    ],
)
def test_a_token_is_described_and_never_shown(
    facts: dict[str, Any], words: list[str], admin_client: Client
) -> None:
    """A duration among the facts is one from now."""
    now = timezone.now()
    facts = {k: now + v if isinstance(v, timedelta) else v for k, v in facts.items()}
    made = rows.token(**{"scope": "repository:team/app:pull"} | facts)
    page = rows.text(admin_client, "/tokens/").replace("<wbr>", "")
    for word in words:
        assert word in page
    for secret in (rows.SECRET_TOKEN, "89abcdef"):
        assert secret not in page
    assert str(made.pk) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a.example/1", "b.example/2"}),
        ("q=repository:one", {"a.example/1"}),
        ("q=b.exa", {"b.example/2"}),
        ("q=nothing", set()),
        ("registry=a.example", {"a.example/1"}),
        ("registry=nonsense", {"a.example/1", "b.example/2"}),
        ("sort=-hits&page=9", {"a.example/1", "b.example/2"}),
    ],
)
def test_the_address_says_what_is_shown(query: str, found: set[str], admin_client: Client) -> None:
    rows.token("a.example", "repository:one:pull", hits=1)
    rows.token("b.example", "repository:two:pull", hits=2)
    page = rows.text(admin_client, f"/tokens/?{query}").replace("<wbr>", "")
    shown = {
        f"{registry}/{hits}"
        for registry, hits in (("a.example", 1), ("b.example", 2))
        if f'<span class="name long">{registry}</span>' in page
    }
    assert shown == found


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("token={pk}", {"two", "three"}),
        ("registry=a.example", {"three"}),
        ("all=1", set()),
        ("token=999", {"one", "two", "three"}),
        ("token=x", {"one", "two", "three"}),
        (f"token={'9' * 5000}", {"one", "two", "three"}),
        ("", {"one", "two", "three"}),
    ],
)
def test_flushing_asks_first_says_how_many_and_spares_the_others(
    query: str, left: set[str], admin_client: Client
) -> None:
    one = rows.token("a.example", "one")
    rows.token("a.example", "two")
    rows.token("b.example", "three")
    query = query.format(pk=one.pk)
    count = 3 - len(left)
    page = rows.text(admin_client, f"{FLUSH}?{query}")
    assert (f"{count} token" if count else "There is nothing to flush") in page
    assert len(scopes()) == 3, "asking changes nothing"
    sent = dict(part.split("=") for part in query.split("&") if part)
    answer = admin_client.post(FLUSH, sent, follow=True)
    assert f"{count} token{'' if count == 1 else 's'} flushed." in answer.text
    assert scopes() == left


def test_a_token_that_is_being_fetched_stays(admin_client: Client) -> None:
    rows.token(scope="fetched", filling_until=timezone.now() + timedelta(minutes=1))
    rows.token(scope="kept")
    assert "1 token flushed." in admin_client.post(FLUSH, {"all": "1"}, follow=True).text
    assert scopes() == {"fetched"}


@pytest.mark.parametrize(
    ("place", "lands"),
    [("/registries/7/", "/registries/7/"), ("https://evil.example/", "/tokens/"), ("", "/tokens/")],
)
def test_flushing_leads_back_and_stays_on_this_site(
    place: str, lands: str, admin_client: Client
) -> None:
    rows.token()
    page = rows.text(admin_client, f"{FLUSH}?all=1&next={place}")
    assert f'href="{lands}"' in page
    answer = admin_client.post(FLUSH, {"all": "1", "next": place})
    assert answer.headers["Location"] == lands


def test_looking_and_flushing_are_rights_of_their_own(clerk: Callable[..., Client]) -> None:
    rows.token(scope="kept")
    reader = clerk("view_registrytoken")
    assert "Flush" not in rows.text(reader, "/tokens/")
    for refused in (reader, clerk("flush_tokens"), clerk("view_registry", "change_registry")):
        assert refused.get(FLUSH).status_code == 403
        assert refused.post(FLUSH, {"all": "1"}).status_code == 403
    assert clerk("view_registry", "flush_tokens").get("/tokens/").status_code == 403
    assert scopes() == {"kept"}
    clerk("view_registrytoken", "flush_tokens").post(FLUSH, {"all": "1"})
    assert scopes() == set()
