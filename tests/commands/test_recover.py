"""`recover` by hand; what it does to containers is in the drill."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from tests.runs.rows import host_run
from updates.models import Host, Replacement

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("recover", *arguments, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


def document(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, text = said(*arguments, "--json")
    assert text.count("\n") == 1
    return code, json.loads(text)


def test_where_nothing_was_left_it_says_so(host: Host) -> None:
    assert said() == (0, "Nothing is left to put right.\n")
    assert document() == (0, {"runs": [], "containers": [], "left": []})


def test_the_host_has_to_be_known(host: Host) -> None:
    assert "There is no host 'attic'" in refused("recover", "--host", "attic")


@pytest.mark.parametrize(
    ("state", "why"), [("running", "A worker has it in hand"), ("failed", "does not answer")]
)
def test_what_has_to_wait_is_named_with_the_reason(host: Host, state: str, why: str) -> None:
    part = host_run(host, state=state)
    Replacement.objects.create(host_run=part, name="web", old_id="o", step="hold")
    code, found = document()
    assert code == 1
    (left,) = found["left"]
    assert (left["host"], left["name"], left["step"]) == ("nas", "web", "hold")
    assert why in left["reason"]
    assert "nas/web: left as it is." in said()[1]
