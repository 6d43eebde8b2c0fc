"""In which language a page answers: the one chosen, or one that the browser asks for."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.views import rows
from updates.models import AuditEntry, Container, Hold, Host, Preference

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("", "en"), ("de-AT,de;q=0.9,en;q=0.5", "de"), ("fr", "fr"), ("tlh", "en"), (";;;", "en")],
)
def test_a_page_speaks_what_the_browser_asks_for(
    signed_in: Client, asked: str, answered: str
) -> None:
    answer = signed_in.get("/containers/", headers={"Accept-Language": asked})
    assert answer.headers["Content-Language"] == answered
    assert f'<html lang="{answered}"' in answer.content.decode()


def test_who_has_not_signed_in_is_asked_to_in_their_language(client: Client, db: None) -> None:
    assert '<html lang="de"' in client.get("/login/", headers=GERMAN).content.decode()


def test_a_language_that_was_chosen_comes_before_the_browsers(
    signed_in: Client, operator: User
) -> None:
    signed_in.post("/preferences/", {"theme": "system", "language": "fr"})
    assert Preference.objects.get(user=operator).language == "fr"
    answer = signed_in.get("/containers/", headers=GERMAN)
    assert answer.headers["Content-Language"] == "fr"


def test_a_language_that_is_not_there_any_more_is_as_none(
    signed_in: Client, operator: User
) -> None:
    Preference.objects.create(user=operator, language="tlh")
    answer = signed_in.get("/containers/", headers=GERMAN)
    assert answer.headers["Content-Language"] == "de"


def test_a_language_that_is_none_is_refused(signed_in: Client) -> None:
    answer = signed_in.post("/preferences/", {"theme": "system", "language": "tlh"})
    assert "tlh is not one of the available choices" in answer.content.decode()
    assert not Preference.objects.exists()


def test_programs_are_answered_in_english(signed_in: Client) -> None:
    for address in ("/api/v1/runs", "/metrics", "/readyz"):
        assert signed_in.get(address, headers=GERMAN).headers["Content-Language"] == "en"


def test_what_has_not_changed_is_sent_again_in_another_language(
    signed_in: Client, host: Host
) -> None:
    run = rows.run(host)
    for address in (f"{run.get_absolute_url()}live/", "/runs/live/", "/overview/"):
        seen = signed_in.get(address).headers["ETag"]
        again = {"If-None-Match": seen}
        assert signed_in.get(address, headers=again).status_code == 304
        assert signed_in.get(address, headers=again | GERMAN).status_code == 200


def test_words_sentences_numbers_and_times_are_german(signed_in: Client, host: Host) -> None:
    rows.container(host, "web", status=Container.Status.UPDATE_AVAILABLE)
    rows.container(host, "api")
    page = signed_in.get("/containers/", headers=GERMAN).content.decode()
    for words in ("Übersicht", "Update verfügbar", "Alle <b>2</b>", "gerade eben"):
        assert words in page


def test_what_a_german_page_writes_down_is_english(signed_in: Client, host: Host) -> None:
    web = rows.container(host, "web")
    sent = {"act": "hold", "container": web.pk, "confirmed": "1"}
    signed_in.post("/containers/act/", sent, headers=GERMAN)
    signed_in.post("/runs/start/", {"kind": "scan"}, headers=GERMAN)
    kept = [entry.subject for entry in AuditEntry.objects.all()]
    assert kept
    assert not any("Lauf" in one or "Container " in one for one in kept)
    assert any(one.startswith("Scan #") for one in kept)
    assert Hold.objects.get().reason == "operator holds it."
