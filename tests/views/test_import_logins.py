"""The page that takes over a Docker config.json."""

import base64
import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.views import rows
from updates.models import Registry

IMPORT = "/registries/import/"
SECRET = "hunter2-hunter2"


def config(*domains: str, secret: str = SECRET, **more: object) -> str:
    auth = base64.b64encode(f"robot:{secret}".encode()).decode()
    return json.dumps({"auths": {domain: {"auth": auth} for domain in domains}} | more)


def saved() -> dict[str, str]:
    return {row.domain: row.password for row in Registry.objects.all()}


def test_a_pasted_config_becomes_registries(admin_client: Client) -> None:
    text = config("https://index.docker.io/v1/", "ghcr.io", credHelpers={"quay.io": "pass"})
    page = admin_client.post(IMPORT, {"text": text}).text
    assert saved() == {"docker.io": SECRET, "ghcr.io": SECRET}
    assert Registry.objects.get(domain="ghcr.io").kind == "github"
    assert page.count(">Added<") == 2
    assert "ghcr.io is asked as robot." in page
    assert "quay.io" in page, "what was left out is noted"
    for secret in (SECRET, base64.b64encode(f"robot:{SECRET}".encode()).decode()):
        assert secret not in page


def test_an_uploaded_file_does_too(admin_client: Client) -> None:
    file = SimpleUploadedFile("config.json", config("ghcr.io").encode())
    assert ">Added<" in admin_client.post(IMPORT, {"file": file}).text
    assert saved() == {"ghcr.io": SECRET}


def test_other_credentials_are_kept_unless_replacing_is_ticked(admin_client: Client) -> None:
    rows.registry("ghcr.io", username="robot", password="old")
    rows.registry("quay.io", username="robot", password=SECRET)
    text = config("ghcr.io", "quay.io")
    page = admin_client.post(IMPORT, {"text": text}).text
    assert ">Kept<" in page
    assert ">Unchanged<" in page
    assert saved()["ghcr.io"] == "old"
    page = admin_client.post(IMPORT, {"text": text, "replace": "on"}).text
    assert ">Changed<" in page
    assert saved()["ghcr.io"] == SECRET


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste the text of a config.json, or choose the file."),
        ("{", "not JSON"),
        (f'{{"auths": ["{SECRET}"]}}', "is no JSON object"),
        ("{}", "holds no login"),
        (f'{{"x": "{SECRET}{"x" * 1024 * 1024}"}}', "larger than 1 MB"),
    ],
)
def test_bad_input_keeps_nothing_and_says_why(
    text: str, sentence: str, admin_client: Client
) -> None:
    page = admin_client.post(IMPORT, {"text": text}).text
    assert sentence in page
    assert "Nothing was imported." in page
    assert SECRET not in page
    assert saved() == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "is no text"),
        (b"{" + b" " * 3 * 1024 * 1024, "larger than 1 MB"),
        (b"", "not JSON"),
    ],
)
def test_a_bad_file_does_too(content: bytes, sentence: str, admin_client: Client) -> None:
    file = SimpleUploadedFile("config.json", content)
    assert sentence in admin_client.post(IMPORT, {"file": file}).text
    assert saved() == {}


def test_a_text_and_a_file_together_are_refused(admin_client: Client) -> None:
    file = SimpleUploadedFile("config.json", config("ghcr.io").encode())
    page = admin_client.post(IMPORT, {"file": file, "text": config("quay.io")}).text
    assert "not both" in page
    assert saved() == {}


def test_what_is_larger_than_any_form_is_refused_in_words(admin_client: Client) -> None:
    answer = admin_client.post(IMPORT, {"text": SECRET + "x" * 3 * 1024 * 1024})
    assert answer.status_code == 400
    assert "What was sent is too large" in answer.text
    assert SECRET not in answer.text


def test_it_needs_the_rights_to_add_and_to_change(clerk: Callable[..., Client]) -> None:
    for rights in (["add_registry"], ["change_registry"]):
        assert clerk(*rights).get(IMPORT).status_code == 403
        assert clerk(*rights).post(IMPORT, {"text": config("ghcr.io")}).status_code == 403
    assert clerk("add_registry", "change_registry").get(IMPORT).status_code == 200
    assert saved() == {}
