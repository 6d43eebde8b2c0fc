"""Where the tests ask a registry about one image, and keep what the client complains of."""

import contextlib
import logging
import time
from typing import Any

import pytest

from tests.registry.conftest import Clock
from updates.registry.client import RegistryClient
from updates.registry.config import RegistryConfig
from updates.registry.errors import (
    RateLimited,
    RegistryError,
    RegistryFailure,
    TransportError,
    Unreachable,
)
from updates.registry.reference import Reference
from updates.registry.tokens import MemoryTokenStore
from updates.registry.transport import Limits

IMPATIENT = Limits(connect_s=0.3, read_s=0.3, whole_s=0.5)
SECRETS = ("s3cret", "t0ken", "1dentity", "scope=", "service=", "account=", "Basic ", "?")
RETRYABLE = {TransportError, Unreachable, RateLimited, RegistryFailure}


class Desk:
    """Asks a registry about one image, and keeps the complaint. It looks for leaks itself."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.clock = Clock()
        self._caplog = caplog

    def complaint(self, domain: str, rest: str = "team/app:1", **settings: Any) -> RegistryError:
        """What the client says of an image that it cannot resolve."""
        client = self._client(domain, **settings)
        started = time.monotonic()
        with (
            contextlib.closing(client),
            self._caplog.at_level(logging.INFO),
            pytest.raises(RegistryError) as refused,
        ):
            client.resolve(Reference.parse(f"{domain}/{rest}"))
        assert time.monotonic() - started < 5.0
        self._look_for_leaks(refused.value)
        return refused.value

    def _client(self, domain: str, **settings: Any) -> RegistryClient:
        return RegistryClient(
            RegistryConfig(domain, **({"plain_http": True} | settings)),
            tokens=MemoryTokenStore(self.clock),
            clock=self.clock,
            sleep=self.clock.sleep,
            limits=IMPATIENT,
        )

    def _look_for_leaks(self, error: RegistryError) -> None:
        shown = f"{error} {error!r} {self._caplog.text}"
        assert str(error).isprintable()
        assert str(error).endswith(".")
        assert [secret for secret in SECRETS if secret in shown] == []


def judged(error: RegistryError) -> tuple[type[RegistryError], str]:
    """Class and sentence; whether waiting helps is looked at on the way."""
    assert error.retryable is (type(error) in RETRYABLE)
    return type(error), str(error)
