"""The connection test on a registry's page, with and without htmx."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests.fakes.registry import FakeRegistry
from tests.views import rows
from updates.models import Registry


@pytest.fixture
def fake() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        registry.put("team/app", "1")
        yield registry


@pytest.fixture
def saved(fake: FakeRegistry, db: None) -> Registry:
    return rows.registry(fake.address, plain_http=True)


def steps(page: str) -> list[str]:
    """ "Ping: ok" of each step, in order."""
    found = re.findall(
        r'<span class="badge \w+">(\w+)</span>\s*<div class="grow">\s*<b>(\w+)', page
    )
    return [f"{step}: {outcome}" for outcome, step in found]


def test_without_scripts_the_whole_page_comes_back_with_each_step(
    admin_client: Client, saved: Registry
) -> None:
    page = admin_client.post(f"/registries/{saved.pk}/test/", {"test-typed": "team/app:1"}).text
    assert "<html" in page
    assert 'id="images"' in page
    assert steps(page) == [
        "DNS: ok",
        "TLS: warning",
        "Ping: ok",
        "Challenge: skipped",
        "Token: skipped",
        "Manifest: ok",
    ]
    assert "Plain HTTP: nothing is encrypted" in page
    assert re.search(r"<small class=\"whole\">\d+ ms</small>", page)
    assert "Digest: sha256" in page.replace("<wbr>", "")


def test_htmx_gets_the_steps_alone(admin_client: Client, saved: Registry) -> None:
    address = f"/registries/{saved.pk}/test/"
    part = admin_client.post(address, {}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert len(steps(part)) == 6
    assert 'id="test"' in part
    assert "csrfmiddlewaretoken" in part, "it can be pressed again"


def test_a_failure_is_a_step_and_says_why(
    admin_client: Client, saved: Registry, fake: FakeRegistry
) -> None:
    fake.behaviour.auth = "basic"
    Registry.objects.filter(pk=saved.pk).update(username=fake.username)
    row = Registry.objects.get()
    row.password = "wr0ng-password"
    row.save()
    page = admin_client.post(f"/registries/{saved.pk}/test/").text
    assert "Token: failed" in steps(page)
    assert "refuses the user name or password" in page
    assert "wr0ng-password" not in page


def test_a_known_image_is_offered_and_the_typed_one_comes_first(
    admin_client: Client, saved: Registry, fake: FakeRegistry
) -> None:
    known = f"{fake.address}/team/app:1"
    rows.answer(known)
    page = rows.text(admin_client, f"/registries/{saved.pk}/")
    assert f'<option value="{known}" selected>' in page
    address = f"/registries/{saved.pk}/test/"
    assert steps(admin_client.post(address, {"test-known": known}).text)[-1] == "Manifest: ok"
    form = {"test-known": known, "test-typed": "team/gone:1"}
    assert steps(admin_client.post(address, form).text)[-1] == "Manifest: failed"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"test-typed": "Not An Image"}, "is not an image reference"),
        ({"test-typed": "ghcr.io/x/y"}, "is an image of ghcr.io"),
        ({"test-known": "ghcr.io/x/y:1"}, "Select a valid choice"),
    ],
)
def test_what_is_no_image_of_it_is_refused_and_nothing_is_sent(
    form: dict[str, str], sentence: str, admin_client: Client, saved: Registry, fake: FakeRegistry
) -> None:
    page = admin_client.post(f"/registries/{saved.pk}/test/", form).text
    assert sentence in page
    assert steps(page) == []
    assert fake.seen == []


def test_it_needs_the_right_to_change_registries(
    clerk: Callable[..., Client], saved: Registry, fake: FakeRegistry
) -> None:
    address = f"/registries/{saved.pk}/test/"
    for rights in (["view_registry", "start_run"], ["change_registry"]):
        assert clerk(*rights).post(address).status_code == 403
    assert fake.seen == []
    assert clerk("view_registry", "change_registry").post(address).status_code == 200


def test_a_sign_in_that_came_in_between_leads_back(
    admin_client: Client, saved: Registry, fake: FakeRegistry
) -> None:
    answer = admin_client.get(f"/registries/{saved.pk}/test/", follow=True)
    assert answer.redirect_chain == [(f"/registries/{saved.pk}/", 302)]
    assert "please press the button again" in answer.text
    assert fake.seen == []
