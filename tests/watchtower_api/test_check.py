"""How a container stands to its registry, in Watchtower's words."""

import pytest

from tests.views import rows
from updates.models import Container, Host
from updates.watchtower_api.check import checked, fits
from updates.watchtower_api.starting import Wish


def test_one_with_an_update_says_its_digest_and_not_yet_its_image(host: Host) -> None:
    status = Container.Status.UPDATE_AVAILABLE
    web = rows.container(host, "web", status=status, remote_digest=rows.NEW_DIGEST)
    facts = checked(web)
    assert facts["update_available"] is True
    assert (facts["latest_digest"], facts["latest_image_id"]) == (rows.NEW_DIGEST, "")
    assert "error" not in facts


def test_one_that_is_up_to_date_has_the_latest_image(host: Host) -> None:
    facts = checked(rows.container(host, "web", remote_digest=rows.DIGEST))
    assert facts["update_available"] is False
    assert (facts["latest_digest"], facts["latest_image_id"]) == (rows.DIGEST, rows.DIGEST)


def test_a_failed_check_is_an_error_and_never_up_to_date(host: Host) -> None:
    status = Container.Status.UNKNOWN
    reason = "The registry does not answer."
    web = rows.container(
        host, "web", status=status, status_reason=reason, remote_digest=rows.DIGEST
    )
    facts = checked(web)
    assert facts["error"] == reason
    assert facts["update_available"] is False
    assert (facts["latest_digest"], facts["latest_image_id"]) == ("", "")


def test_one_that_was_never_checked_says_so(host: Host) -> None:
    facts = checked(rows.container(host, "web", status="unknown", checked_at=None))
    assert (facts["error"], "timestamp" in facts) == ("It was not checked.", False)


@pytest.mark.parametrize(
    ("images", "patterns", "fit"),
    [
        ((), (), True),
        (("registry.example.com/web",), (), True),
        (("registry.example.com/web:2",), (), False),
        ((), ("w.b",), True),
        ((), ("we",), False),
        ((), ("db", "/web"), True),
        (("registry.example.com/web",), ("db",), False),
    ],
)
def test_those_that_the_run_was_for_are_told(
    images: tuple[str, ...], patterns: tuple[str, ...], fit: bool, host: Host
) -> None:
    assert fits(rows.container(host, "web"), Wish([], images, patterns)) is fit
