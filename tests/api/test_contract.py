"""The API keeps to its document, whatever it is sent, as schemathesis finds out.

The same cases each time. Those two that open connections have tests of their own.
"""

from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.test.client import ClientHandler
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.views import rows
from updates.api.document import document
from updates.models import ApiToken, Host
from updates.models.api_token import Scope

ROWS = 3


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Watchweb as a WSGI server has it, but that the test's database connection stays open."""
    answer: Any = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


@pytest.fixture
def secret(db: None) -> str:
    """A token that may do everything, and some rows to find."""
    for key in range(1, ROWS + 1):
        host = Host.objects.create(pk=key, name=f"host-{key}", url="unix:///nowhere.sock")
        rows.container(host, "web", pk=key, remote_digest=rows.NEW_DIGEST)
        run = rows.run(host, pk=key)
        rows.result(run, "web", old_image_id=rows.NEW_DIGEST, new_image_id=rows.DIGEST)
        rows.event(run, "Something happened.", "web")
        rows.registry(f"registry-{key}.example.com", pk=key)
    owner = User.objects.create(username="root", is_superuser=True)
    return ApiToken.objects.issue(owner, "contract", Scope.ADMIN)[1]


schema = schemathesis.openapi.from_dict(document())
schema.app = application


@schema.exclude(path_regex="/test$").parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_to_its_document(case: Any, secret: str) -> None:
    # What is saved has more rules than a schema can say, and answers 422 with a sentence.
    excluded = [] if case.method == "GET" else [positive_data_acceptance]
    headers = {"Authorization": f"Bearer {secret}"}
    case.call_and_validate(headers=headers, excluded_checks=excluded)
