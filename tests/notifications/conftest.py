"""Receivers on loopback, and channels that lead to them."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from tests.fakes.http_sink import HttpSink
from tests.fakes.smtp_server import SmtpServer
from watchweb.mail import mailer


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink().served() as sink:
        yield sink


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer().served() as server:
        yield server


@pytest.fixture
def mail_server(smtp: SmtpServer, settings: object) -> SmtpServer:
    """The one that EMAIL_URL leads to."""
    assert django_settings.configured
    settings.MAILERS = {  # type: ignore[attr-defined]
        "default": mailer(f"smtp://127.0.0.1:{smtp.port}")
    }
    return smtp
