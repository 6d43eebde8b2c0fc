"""A connection test against the real docker-registry, in its four set-ups."""

import pytest

from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from updates.registry.config import RegistryConfig
from updates.registry.logins.credentials import Credentials
from updates.registry.probing.findings import Finding
from updates.registry.probing.probe import probe
from updates.registry.reference import Reference
from updates.registry.tls.trust import TrustMode

pytestmark = pytest.mark.lab


def findings_of(registry: Registry) -> dict[str, Finding]:
    digest = registry.push("probe/app", "1", ImageSpec(version="1"))
    config = RegistryConfig(
        registry.address,
        Credentials(registry.username, registry.password) if registry.auth != "none" else None,
        TrustMode.CA_ONLY if registry.tls else TrustMode.SYSTEM,
        ca_pem=registry.ca_pem,
        plain_http=registry.tls is None,
    )
    found = list(probe(config, Reference.parse(f"{registry.address}/probe/app:1")))
    assert digest in repr(found[-1].details)
    assert registry.password not in repr(found)
    return {finding.step: finding for finding in found}


@pytest.mark.parametrize(
    ("fixture", "outcomes"),
    [
        ("lab_registry", "ok warning ok skipped skipped ok"),
        ("lab_registry_tls", "ok ok ok skipped skipped ok"),
        ("lab_registry_htpasswd", "ok ok ok ok ok ok"),
        ("lab_registry_token", "ok ok ok ok ok ok"),
    ],
)
def test_every_way_in_is_shown_step_by_step(
    fixture: str, outcomes: str, request: pytest.FixtureRequest
) -> None:
    found = findings_of(request.getfixturevalue(fixture))

    assert " ".join(finding.outcome for finding in found.values()) == outcomes
