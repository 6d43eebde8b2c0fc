"""The real registries: who is let in, and what their logs count."""

from pathlib import Path

import pytest
import requests

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry


def test_a_wrong_password_is_refused(
    lab_registry_htpasswd: Registry, lab_registry_token: Registry, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text(lab_registry_token.ca_pem)
    assert lab_registry_token.token_server is not None
    asked = (f"{lab_registry_htpasswd.base_url}/v2/", lab_registry_token.token_server.realm)
    with requests.Session() as http:
        http.trust_env = False
        for url in asked:
            right = http.get(url, auth=("robot", "s3cret-robot"), verify=str(ca))
            wrong = http.get(url, auth=("robot", "guess"), verify=str(ca))
            assert (right.status_code, wrong.status_code) == (200, 401)


def test_the_token_registry_names_its_realm_and_the_service_counts(
    lab_registry_token: Registry, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text(lab_registry_token.ca_pem)
    tokens = lab_registry_token.token_server
    assert tokens is not None
    lab_registry_token.push("public/app", "1", ImageSpec())
    with requests.Session() as http:
        http.trust_env, http.verify = False, str(ca)
        url = f"{lab_registry_token.base_url}/v2/public/app/manifests/1"
        refused, before = http.head(url), len(tokens.requests)
        assert f'realm="{tokens.realm}"' in refused.headers["WWW-Authenticate"]
        scope = {"service": "lab-registry", "scope": "repository:public/app:pull"}
        token = http.get(tokens.realm, params=scope).json()["token"]
        assert tokens.requests[before:] == ["repository:public/app:pull"]
        assert http.head(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_a_client_that_does_not_know_the_authority_is_turned_away(
    lab_registry_tls: Registry,
) -> None:
    with requests.Session() as http:
        http.trust_env = False
        with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            http.get(f"{lab_registry_tls.base_url}/v2/")


def test_the_log_has_each_request_but_the_labs_own(lab_registry: Registry) -> None:
    lab_registry.push("team/counted", "1", ImageSpec())
    before = len(lab_registry.requests())
    url = f"{lab_registry.base_url}/v2/team/counted/manifests"
    with requests.Session() as http:
        for _ in range(20):
            http.head(f"{url}/1")
        http.head(f"{url}/none")
    new = [(one.method, one.path, one.status) for one in lab_registry.requests()[before:]]
    there, absent = "/v2/team/counted/manifests/1", "/v2/team/counted/manifests/none"
    assert new == [*(("HEAD", there, 200) for _ in range(20)), ("HEAD", absent, 404)]


def test_a_deleted_manifest_is_gone(lab_registry: Registry) -> None:
    digest = lab_registry.push("team/gone", "1", ImageSpec(version="3"))
    lab_registry.delete("team/gone", digest)
    answer = requests.head(f"{lab_registry.base_url}/v2/team/gone/manifests/1", timeout=5)
    assert answer.status_code == 404
