"""A pull's stream, line by line."""

from typing import Any

import pytest

from updates.engine.errors import PullFailed
from updates.engine.pull import PullProgress, PullSnapshot

DIGEST = "sha256:" + "5" * 64


def fed(*lines: dict[str, Any]) -> PullProgress:
    progress = PullProgress()
    for line in lines:
        progress.feed(line)
    return progress


def layer(id_: str, status: str, current: int = 0, total: int = 0) -> dict[str, Any]:
    detail = {"current": current, "total": total} if total else {}
    return {"id": id_, "status": status, "progressDetail": detail}


def test_bytes_and_layers_add_up() -> None:
    progress = fed(
        {"status": "Pulling from shop/web", "id": "latest"},
        layer("l1", "Already exists"),
        layer("l2", "Pulling fs layer"),
        layer("l3", "Pulling fs layer"),
        layer("l2", "Downloading", 10, 100),
        layer("l3", "Downloading", 5, 50),
        layer("l2", "Verifying Checksum"),
        layer("l2", "Download complete"),
        layer("l2", "Extracting", 1, 100),
    )
    assert progress.snapshot() == PullSnapshot(105, 150, 2, 3, "Extracting")


def test_the_end_names_the_digest() -> None:
    progress = fed({"status": f"Digest: {DIGEST}"}, {"status": "Status: Image is up to date"})
    assert progress.digest == DIGEST
    assert progress.snapshot().status == "Status: Image is up to date"


@pytest.mark.parametrize(
    "line",
    [
        {"errorDetail": {"message": "no space left"}, "error": "no space left"},
        {"errorDetail": {"message": "no space left"}},
        {"error": "no space left"},
        {"errorDetail": "no space left"},
    ],
)
def test_an_error_line_fails_the_pull(line: dict[str, Any]) -> None:
    with pytest.raises(PullFailed, match="no space left") as caught:
        fed(line)
    assert caught.value.retryable


def test_an_error_shows_no_query_and_no_password() -> None:
    error = 'Get "https://robot:pw@auth.test/token?account=robot&sig=hush": denied'
    with pytest.raises(PullFailed) as caught:
        fed({"error": error})
    assert str(caught.value) == 'Get "https://auth.test/token": denied.'


def test_an_unknown_ca_says_where_it_belongs() -> None:
    with pytest.raises(PullFailed, match=r"/etc/docker/certs\.d"):
        fed({"error": "x509: certificate signed by unknown authority"})


@pytest.mark.parametrize("line", [{}, {"status": None}, {"id": None, "progressDetail": None}])
def test_odd_lines_do_no_harm(line: dict[str, Any]) -> None:
    assert fed(line).snapshot() == PullSnapshot()
