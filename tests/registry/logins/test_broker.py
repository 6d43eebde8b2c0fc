"""Short-lived logins: asked for at local stand-ins of the clouds, through their own libraries."""

import base64
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.cloud import ECR_LIFE_S, GOOGLE_LIFE_S, FakeCloud
from updates.registry.errors import (
    AuthError,
    CredentialsRefused,
    NotARegistry,
    RateLimited,
    RegistryError,
    RegistryFailure,
    Unreachable,
)
from updates.registry.logins.broker import AZURE_TOKEN_USER, ShortLived, broker_of, usable
from updates.registry.logins.credentials import Credentials
from updates.registry.logins.kinds import RegistryKind

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
GAR = "europe-docker.pkg.dev"
KEY = Credentials("AKIAEXAMPLE", "aws-s3cret")
# What the person's own shell may hold.
AWS_SETTINGS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeCloud]:
    """The clouds, and an environment that leads to them alone."""
    for name in (*AWS_SETTINGS, "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "CLOUDSDK_CONFIG"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with FakeCloud(access_keys={KEY.username: KEY.password}) as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_ECR", fake.url)
        yield fake


@pytest.fixture
def json_key(cloud: FakeCloud) -> str:
    return cloud.service_account()


@pytest.fixture
def far_west() -> Iterator[None]:
    """Local time is eleven hours behind UTC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Pacific/Pago_Pago")
        time.tzset()
        yield
    time.tzset()


def trade(kind: RegistryKind, domain: str, saved: Credentials | None) -> ShortLived:
    fetch = broker_of(kind, domain, saved)
    assert fetch is not None
    return fetch()


def ecr(saved: Credentials | None = KEY) -> ShortLived:
    return trade(RegistryKind.ECR, ECR, saved)


def google(key: str | None) -> ShortLived:
    saved = None if key is None else Credentials("_json_key", key)
    return trade(RegistryKind.GOOGLE, GAR, saved)


def test_an_access_key_is_traded_for_a_login_of_twelve_hours(cloud: FakeCloud) -> None:
    got = ecr()

    assert got.credentials == Credentials("AWS", "ecr-t0ken-1")
    assert abs(got.expires_at - time.time() - ECR_LIFE_S) < 60
    assert [(one.who, one.region) for one in cloud.seen] == [(KEY.username, "eu-central-1")]


def test_nothing_saved_trades_the_role_of_the_worker(
    cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY.username)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY.password)

    assert ecr(None).credentials.password == "ecr-t0ken-1"


def test_a_saved_access_key_goes_before_the_role_of_the_worker(
    cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "other")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "other")
    ecr()

    assert cloud.seen[0].who == KEY.username


@pytest.mark.parametrize("saved", [Credentials(KEY.username, "wrong"), Credentials("AKIAX", "x")])
def test_a_wrong_access_key_is_refused_once(cloud: FakeCloud, saved: Credentials) -> None:
    with pytest.raises(CredentialsRefused, match=f"refuses the access key saved for {ECR}"):
        ecr(saved)

    assert cloud.requests == 1


def test_a_worker_without_a_role_is_told_what_to_do(cloud: FakeCloud) -> None:
    with pytest.raises(AuthError, match=r"no role that can be used .*: save an access key"):
        ecr(None)

    assert cloud.requests == 0


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("AWS_PROFILE", "none-such", "ProfileNotFound"),
        ("AWS_ENDPOINT_URL_ECR", "rubbish", "ValueError"),
    ],
)
def test_an_unusable_aws_setting_is_a_sentence(
    cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch, name: str, value: str, kind: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(AuthError, match=rf"{kind}\): look at the AWS settings"):
        ecr()


def aws_error(code: str) -> bytes:
    return json.dumps({"__type": code, "message": "aws-s3cret"}).encode()


@pytest.mark.parametrize(
    ("status", "body", "expected", "sentence"),
    [
        (400, aws_error("AccessDeniedException"), AuthError, "allow GetAuthorizationToken"),
        (400, aws_error("ThrottlingException"), RateLimited, "fewer requests"),
        (400, aws_error("OptInRequired"), AuthError, r"no login \(OptInRequired\)"),
        (418, aws_error("<script>"), AuthError, r"no login \(418\)"),
        (500, aws_error("ServerException"), RegistryFailure, r"just now \(500\)"),
        (503, b"<html>", RegistryFailure, r"just now \(503\)"),
        (200, b"{}", NotARegistry, "no login"),
        (200, b"<html>", NotARegistry, "no login"),
        (200, b'{"authorizationData": "x"}', NotARegistry, "no login"),
        (200, b'{"authorizationData": []}', NotARegistry, "no login"),
        (200, b'{"authorizationData": [{"authorizationToken": "/"}]}', NotARegistry, "no login"),
        (
            200,
            b'{"authorizationData": [{"authorizationToken": "QVdTOng=", "expiresAt": "x"}]}',
            NotARegistry,
            "no login",
        ),
        (
            200,
            b'{"authorizationData": [{"authorizationToken": "QVdTOg==", "expiresAt": 1}]}',
            NotARegistry,
            "no login",
        ),
    ],
)
def test_what_aws_answers_instead_is_a_sentence(
    cloud: FakeCloud, status: int, body: bytes, expected: type[RegistryError], sentence: str
) -> None:
    cloud.status, cloud.body = status, body
    with pytest.raises(expected, match=sentence) as caught:
        ecr()

    assert type(caught.value) is expected
    assert "s3cret" not in str(caught.value)
    assert cloud.requests <= 2


def test_a_domain_without_a_region_asks_nobody(cloud: FakeCloud) -> None:
    with pytest.raises(AuthError, match="no private ECR registry"):
        trade(RegistryKind.ECR, "registry.example.com", KEY)

    assert cloud.requests == 0


def test_a_json_key_is_traded_for_a_token_of_an_hour(cloud: FakeCloud, json_key: str) -> None:
    got = google(json_key)

    assert got.credentials == Credentials("oauth2accesstoken", "google-t0ken-1")
    assert abs(got.expires_at - time.time() - GOOGLE_LIFE_S) < 60
    assert cloud.seen[0].who.startswith("robot@")
    assert all(
        scope.endswith("read-only") or "read_only" in scope for scope in cloud.seen[0].scopes
    )


def test_the_end_of_a_token_does_not_depend_on_the_time_zone(
    cloud: FakeCloud, json_key: str, far_west: None
) -> None:
    assert abs(google(json_key).expires_at - time.time() - GOOGLE_LIFE_S) < 60
    assert abs(ecr().expires_at - time.time() - ECR_LIFE_S) < 60


def test_a_json_key_may_be_in_base64(cloud: FakeCloud, json_key: str) -> None:
    saved = Credentials("_json_key_base64", base64.b64encode(json_key.encode()).decode())
    got = trade(RegistryKind.GOOGLE, GAR, saved)

    assert got.credentials.password == "google-t0ken-1"


def test_nothing_saved_trades_the_service_account_of_the_worker(
    cloud: FakeCloud, json_key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(json_key)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))

    assert google(None).credentials.password == "google-t0ken-1"


def test_a_worker_without_an_account_is_told_what_to_do(cloud: FakeCloud) -> None:
    with pytest.raises(AuthError, match=r"no service account that can be used: save a JSON key"):
        google(None)


@pytest.mark.parametrize("content", [b"{}", b"rubbish", b"\xff\xfe", None])
def test_an_unusable_file_of_the_worker_is_a_sentence(
    cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "key.json"
    path.write_bytes(content) if content is not None else path.mkdir()
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises(AuthError):
        google(None)


def test_a_withdrawn_key_is_refused_once(cloud: FakeCloud, json_key: str) -> None:
    cloud.accounts.clear()
    with pytest.raises(
        CredentialsRefused, match=f"Google refuses the key saved for {GAR}"
    ) as caught:
        google(json_key)

    assert cloud.requests == 1
    # The stand-in repeats the signed assertion, which opens the door for an hour.
    assert "eyJ" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("status", "body", "expected", "sentence"),
    [
        (403, b'{"error": "access_denied"}', AuthError, "whether it is enabled"),
        (404, b"<html>", AuthError, "whether it is enabled"),
        (400, b'{"error": ["x"]}', AuthError, "whether it is enabled"),
        (503, b"", RegistryFailure, "just now"),
        (200, b"<html>", NotARegistry, "no token"),
        (200, b"[]", NotARegistry, "no token"),
        (200, b"{}", AuthError, "no token"),
        (200, b'{"access_token": "x"}', NotARegistry, "no token"),
        (200, b'{"access_token": 7, "expires_in": 60}', NotARegistry, "no token"),
        (200, b'{"access_token": "x", "expires_in": "soon"}', NotARegistry, "no token"),
        (200, b'{"access_token": "x", "expires_in": 1e99}', NotARegistry, "no token"),
    ],
)
def test_what_google_answers_instead_is_a_sentence(
    cloud: FakeCloud,
    json_key: str,
    status: int,
    body: bytes,
    expected: type[RegistryError],
    sentence: str,
) -> None:
    cloud.status, cloud.body = status, body
    with pytest.raises(expected, match=sentence) as caught:
        google(json_key)

    assert type(caught.value) is expected
    assert cloud.requests <= 3


def test_a_key_that_is_none_asks_nobody(cloud: FakeCloud) -> None:
    with pytest.raises(AuthError, match="no key of a service account"):
        google("hunter2")

    assert cloud.requests == 0


def test_a_cloud_that_is_away_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, json_key: str, cloud: FakeCloud
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_ECR", "http://127.0.0.1:1")
    away = json.dumps(json.loads(json_key) | {"token_uri": "http://127.0.0.1:1/token"})
    fetches: list[Callable[[], ShortLived]] = [ecr, lambda: google(away)]
    for fetch in fetches:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1 refuses connections"):
            fetch()


@pytest.mark.parametrize(
    ("module", "fetch", "extra"),
    [("boto3", ecr, "aws"), ("google.auth.transport.requests", lambda: google("{}"), "google")],
)
def test_a_missing_library_names_its_extra(
    monkeypatch: pytest.MonkeyPatch, module: str, fetch: Callable[[], ShortLived], extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(AuthError, match=rf"pip install 'watchweb\[{extra}\]'"):
        fetch()


def test_no_secret_is_logged_at_any_level(
    cloud: FakeCloud, json_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        ecr()
        google(json_key)
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)

    assert "t0ken" not in logged
    assert base64.b64encode(b"AWS:ecr-t0ken-1").decode() not in logged
    assert KEY.password not in logged
    assert "eyJ" not in logged
    assert "Signature" not in logged


def test_no_secret_is_in_a_representation(cloud: FakeCloud) -> None:
    fetch = broker_of(RegistryKind.ECR, ECR, KEY)

    assert "t0ken" not in repr(ecr())
    assert KEY.password not in repr(fetch)


AS_SAVED = [
    (RegistryKind.GENERIC, "registry.example.com", KEY),
    (RegistryKind.GITHUB, "ghcr.io", None),
    (RegistryKind.AZURE, "team.azurecr.io", KEY),
    (RegistryKind.ECR, ECR, Credentials("AWS", "token")),
    (RegistryKind.GOOGLE, GAR, Credentials("oauth2accesstoken", "token")),
]


@pytest.mark.parametrize(("kind", "domain", "saved"), AS_SAVED)
def test_what_the_registry_takes_already_is_not_traded(
    kind: RegistryKind, domain: str, saved: Credentials | None
) -> None:
    assert broker_of(kind, domain, saved) is None
    assert usable(kind, saved) == saved


def test_an_azure_refresh_token_is_an_identity_token() -> None:
    saved = Credentials(AZURE_TOKEN_USER, "refresh")

    assert usable(RegistryKind.AZURE, saved) == Credentials(AZURE_TOKEN_USER, "", "refresh")
    assert usable(RegistryKind.GENERIC, saved) == saved
    already = Credentials(AZURE_TOKEN_USER, "", "refresh")
    assert usable(RegistryKind.AZURE, already) == already
