"""Closed by default: every address asks for a login, but those named here."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# A webhook takes nothing without its secret.
OPEN = {"/login/", "/healthz", "/readyz", "/livez", "/startupz", "/admin/login/", "/hooks/x/"}
EXAMPLES = {"int": "1", "path": "x", "str": "x", "slug": "x"}


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + example(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from addresses(pattern, route)


def example(route: str) -> str:
    """An address that fits the route."""
    route = re.sub(r"<(\w+):\w+>", lambda found: EXAMPLES[found[1]], route)
    route = re.sub(r"<\w+>", "1", route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route)
    return route.replace("^", "").replace("$", "").replace("\\", "")


@pytest.mark.django_db
def test_only_the_named_few_are_open_without_a_login(client: Client) -> None:
    found = sorted(set(addresses(get_resolver())))
    assert len(found) > 40
    is_open = {path for path in found if not asks_for_login(client, path)}
    assert is_open == OPEN


@pytest.mark.django_db
def test_posting_without_a_login_leads_to_the_login(client: Client) -> None:
    for address in ("/runs/start/", "/tokens/flush/", "/registries/1/test/", "/registries/import/"):
        answer = client.post(address, {"kind": "update", "all": "1"})
        assert answer.headers["Location"].startswith("/login/")


def asks_for_login(client: Client, path: str) -> bool:
    answer = client.get(path)
    location = answer.headers.get("Location", "")
    return answer.status_code in (401, 403) or "/login/?next=" in location
