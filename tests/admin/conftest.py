"""An administrator at work."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def office(client: Client, db: None) -> Client:
    client.force_login(User.objects.create(username="root", is_staff=True, is_superuser=True))
    return client
