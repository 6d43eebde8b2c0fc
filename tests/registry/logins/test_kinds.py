"""Kinds of registries: what a domain suggests, what the form says, what surely cannot work."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from updates.registry.logins.kinds import RegistryKind, complaint, ecr_region, form_of, kind_of

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
GAR = "europe-west3-docker.pkg.dev"


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("docker.io", RegistryKind.DOCKER_HUB),
        ("ghcr.io", RegistryKind.GITHUB),
        ("GHCR.io", RegistryKind.GITHUB),
        ("registry.gitlab.com", RegistryKind.GITLAB),
        ("registry.gitlab.example.com:5050", RegistryKind.GITLAB),
        ("quay.io", RegistryKind.QUAY),
        ("harbor.example.com", RegistryKind.HARBOR),
        (ECR, RegistryKind.ECR),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", RegistryKind.ECR),
        ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", RegistryKind.ECR),
        ("123456789012.dkr-ecr.us-east-1.on.aws", RegistryKind.ECR),
        ("gcr.io", RegistryKind.GOOGLE),
        ("eu.gcr.io", RegistryKind.GOOGLE),
        (GAR, RegistryKind.GOOGLE),
        ("team.azurecr.io", RegistryKind.AZURE),
        ("public.ecr.aws", RegistryKind.GENERIC),
        ("mirror.gcr.io", RegistryKind.GENERIC),
        ("12345.dkr.ecr.eu-central-1.amazonaws.com", RegistryKind.GENERIC),
        (f"{ECR}.example.com", RegistryKind.GENERIC),
        ("notgcr.io", RegistryKind.GENERIC),
        ("docker.pkg.dev.example.com", RegistryKind.GENERIC),
        ("myharbor.example.com", RegistryKind.GENERIC),
        ("registry.example.com:5000", RegistryKind.GENERIC),
        ("localhost", RegistryKind.GENERIC),
        ("[::1]:5000", RegistryKind.GENERIC),
        ("", RegistryKind.GENERIC),
    ],
)
def test_a_domain_suggests_its_kind(domain: str, kind: RegistryKind) -> None:
    assert kind_of(domain) is kind


def test_the_region_is_in_the_domain() -> None:
    assert ecr_region(ECR) == "eu-central-1"
    assert ecr_region("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com") == "us-gov-west-1"
    assert ecr_region("public.ecr.aws") == ""


@pytest.mark.parametrize("kind", RegistryKind)
def test_every_kind_says_what_to_enter(kind: RegistryKind) -> None:
    form = form_of(kind)

    assert all((form.label, form.username_label, form.secret_label))
    assert form.username_help.endswith(".")
    assert form.secret_help.endswith(".")
    assert form.is_brokered == (kind in (RegistryKind.ECR, RegistryKind.GOOGLE))
    assert bool(form.fixed_username) == (kind is RegistryKind.GOOGLE)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


RSA_PEM = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def google_key(**changes: Any) -> str:
    document = {
        "type": "service_account",
        "client_email": "robot@project.iam.gserviceaccount.com",
        "private_key": RSA_PEM,
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    return json.dumps(document | changes)


FINE = [
    (RegistryKind.GENERIC, "registry.example.com", "", ""),
    (RegistryKind.GITHUB, "ghcr.io", "ann", "ghp_x"),
    (RegistryKind.QUAY, "quay.io", "team+robot", "x"),
    (RegistryKind.QUAY, "quay.io", "ann", "x"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot$team+pull", "x"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot", "x"),
    (RegistryKind.HARBOR, "harbor.example.com", "ann", "x"),
    (RegistryKind.ECR, ECR, "", ""),
    (RegistryKind.ECR, ECR, "AKIAEXAMPLE", "x"),
    (RegistryKind.GOOGLE, GAR, "", ""),
    (RegistryKind.GOOGLE, GAR, "oauth2accesstoken", "ya29.x"),
    (RegistryKind.GOOGLE, GAR, "_json_key", google_key()),
    (
        RegistryKind.GOOGLE,
        GAR,
        "_json_key_base64",
        base64.b64encode(google_key().encode()).decode(),
    ),
    (RegistryKind.GOOGLE, GAR, "_json_key", google_key(token_uri="http://127.0.0.1:8000/token")),
    (RegistryKind.AZURE, "team.azurecr.io", "00000000-0000-0000-0000-000000000000", "x"),
]


@pytest.mark.parametrize(("kind", "domain", "username", "secret"), FINE)
def test_what_may_work_is_not_complained_about(
    kind: RegistryKind, domain: str, username: str, secret: str
) -> None:
    assert complaint(kind, domain, username, secret) is None


WRONG = [
    (RegistryKind.GENERIC, "registry.example.com", "a:b", "username", "no colon"),
    (RegistryKind.GENERIC, "registry.example.com", "a\n", "username", "line break"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot$", "username", "is missing after robot$"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot$ ", "username", "is missing after robot$"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot$$x", "username", "with one $"),
    (RegistryKind.HARBOR, "harbor.example.com", "robot\\$x", "username", "with one $"),
    (RegistryKind.ECR, "public.ecr.aws", "AKIAEXAMPLE", "domain", "no private ECR registry"),
    (RegistryKind.ECR, "123456789012.dkr.ecr.amazonaws.com", "", "domain", "account and region"),
    (RegistryKind.ECR, ECR, "AWS", "username", "twelve hours"),
    (RegistryKind.ECR, ECR, "ASIAEXAMPLE", "username", "temporary"),
]


@pytest.mark.parametrize(("kind", "domain", "username", "field", "sentence"), WRONG)
def test_what_cannot_work_is_said_at_its_field(
    kind: RegistryKind, domain: str, username: str, field: str, sentence: str
) -> None:
    found = complaint(kind, domain, username, "s3cret")

    assert found is not None
    assert found[0] == field
    assert sentence in found[1]
    assert "s3cret" not in found[1]


NO_KEYS = [
    ("s3cret", "no key of a service account"),
    ('["s3cret"]', "no key of a service account"),
    ('{"s3cret', "no key of a service account"),
    ('{"a":' * 20_000, "no key of a service account"),
    (google_key(type="authorized_user"), "not the key of a service account"),
    (google_key(client_email=None), 'lacks "client_email"'),
    (google_key(private_key=""), 'lacks "private_key"'),
    (google_key(private_key="s3cret"), "private key of the service account is broken"),
    (google_key(private_key="\ud800"), "private key of the service account is broken"),
    (google_key(private_key=pem(ec.generate_private_key(ec.SECP256R1()))), "is broken"),
    (google_key(token_uri=7), 'lacks "token_uri"'),
    (google_key(token_uri="http://oauth2.googleapis.com/token"), "no https address"),
    (google_key(token_uri="https://["), "no https address"),
    (google_key(token_uri="https:///token"), "no https address"),
    (google_key(token_uri="file:///etc/passwd"), "no https address"),
]


@pytest.mark.parametrize(("secret", "sentence"), NO_KEYS)
def test_what_is_no_google_key_is_said_at_the_secret(secret: str, sentence: str) -> None:
    found = complaint(RegistryKind.GOOGLE, GAR, "_json_key", secret)

    assert found is not None
    assert found[0] == "password"
    assert sentence in found[1]
    assert "s3cret" not in found[1]


@given(st.sampled_from(list(RegistryKind)), st.text(), st.text(), st.text())
def test_a_complaint_is_a_field_and_a_sentence_whatever_is_entered(
    kind: RegistryKind, domain: str, username: str, secret: str
) -> None:
    found = complaint(kind, domain, username, secret)

    assert kind_of(domain) in RegistryKind
    if found is not None:
        assert found[0] in ("username", "password", "domain")
        assert found[1].endswith(".")
