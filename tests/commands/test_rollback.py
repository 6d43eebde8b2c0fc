"""`rollback` and `release`, used wrongly and rightly; what a roll back does is in tests/runs."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.commands.calls import refused
from tests.views import rows
from updates.models import Hold, Host, UpdateRun

pytestmark = pytest.mark.django_db


def test_a_host_that_is_not_known_is_named() -> None:
    assert "There is no host 'attic'" in refused("rollback", "attic", "web")
    assert "There is no host 'attic'" in refused("release", "attic", "web")


def test_one_without_an_earlier_image_says_so(host: Host) -> None:
    rows.container(host, "web")
    assert "No image is known that web on nas had before" in refused("rollback", "nas", "web")
    assert not UpdateRun.objects.exists()


def test_an_image_it_never_had_is_answered_with_those_it_had(host: Host) -> None:
    rows.container(host, "web", image_id="sha256:" + "e" * 64)
    ids = {"old_image_id": "sha256:" + "a" * 64, "new_image_id": "sha256:" + "e" * 64}
    rows.result(rows.run(host), "web", **ids)
    why = refused("rollback", "nas", "web", "--to", "sha256:ffffff")
    assert why == (
        f"No update took the image sha256:ffffff from web on nas. It had: {rows.DIGEST}."
    )


def test_release_takes_away_the_hold_and_the_blocks_and_names_them(host: Host) -> None:
    Hold.objects.create(host=host, container="web", reason="It went back.")
    Hold.objects.create(host=host, container="web", digest=rows.DIGEST, reason="It failed.")
    Hold.objects.create(host=host, container="db", reason="It went back.")
    out = StringIO()
    call_command("release", "nas", "web", stdout=out)
    assert out.getvalue().splitlines() == [
        "Hold for nas/web: taken away.",
        f"Block of {rows.DIGEST} for nas/web: taken away.",
    ]
    assert [row.container for row in Hold.objects.all()] == ["db"]


def test_release_of_one_block_leaves_the_rest(host: Host) -> None:
    Hold.objects.create(host=host, container="web", reason="It went back.")
    Hold.objects.create(host=host, container="web", digest=rows.DIGEST, reason="It failed.")
    call_command("release", "nas", "web", "--digest", rows.DIGEST[:15], stdout=StringIO())
    assert Hold.objects.get().digest == ""
    why = refused("release", "nas", "web", "--digest", "sha256:999999")
    assert why == "Nothing like that keeps web on nas on its image."
