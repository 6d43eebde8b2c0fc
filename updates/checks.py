"""System checks: settings that would lose or repeat work, or trust too much or too little."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register
from django.core.checks import Warning as Caution

from updates.models.lease import LONGEST
from updates.models.trust import complaint_about_trust, why_left_out
from updates.registry.errors import RegistryError
from updates.registry.logins.docker_config import environment_login
from updates.runs.policies import complaints
from updates.schedules.environment import complaint

LENGTH_OF_A_TOKEN = 16


@register()
def queue_settings(**_: Any) -> list[Error]:
    """A task that outlives `retry` is delivered again while it still runs."""
    cluster = settings.Q_CLUSTER
    found = []
    if cluster["retry"] <= cluster["timeout"]:
        found.append(Error("Q_CLUSTER: retry has to be longer than timeout.", id="watchweb.E001"))
    if cluster["queue_limit"] > cluster["workers"]:
        found.append(
            Error("Q_CLUSTER: queue_limit may not exceed the workers.", id="watchweb.E002")
        )
    return found


@register()
def length_of_a_lease(**_: Any) -> list[Error]:
    """A longer one would look like one of a wrong clock, and be taken over at once."""
    seconds, longest = settings.WATCHWEB_LEASE_SECONDS, int(LONGEST.total_seconds())
    if 0 < seconds <= longest:
        return []
    sentence = f"WATCHWEB_LEASE_SECONDS is {seconds}: it may be 1 to {longest}."
    return [Error(sentence, id="watchweb.E006")]


@register()
def registry_ca(**_: Any) -> list[CheckMessage]:
    """A bundle that cannot be used stops the start only where validation is asked for."""
    complaint = complaint_about_trust()
    if not complaint:
        return []
    if settings.WATCHWEB_REGISTRY_CA_VALIDATE:
        return [Error(complaint, id="watchweb.E003")]
    hint = "It is left out." if why_left_out() else "What has expired is left out."
    return [Caution(complaint, hint=hint, id="watchweb.W002")]


@register()
def insecure_registries(**_: Any) -> list[CheckMessage]:
    """Whoever is between Watchweb and a registry can then read passwords and fake answers."""
    if not settings.WATCHWEB_INSECURE_REGISTRY:
        return []
    sentence = "WATCHWEB_INSECURE_REGISTRY is on: certificates of registries are not checked."
    hint = "Name the CA with WATCHWEB_REGISTRY_CA instead, or for one registry in its own row."
    return [Caution(sentence, hint=hint, id="watchweb.W001")]


@register()
def settings_of_updates(**_: Any) -> list[CheckMessage]:
    """A variable that cannot be read would silently not count."""
    return [Error(why, id="watchweb.E004") for why in complaints()]


@register()
def schedule_of_environment(**_: Any) -> list[CheckMessage]:
    """A schedule that cannot be read would silently never run."""
    return [Error(why, id="watchweb.E005")] if (why := complaint()) else []


@register()
def short_api_token(**_: Any) -> list[CheckMessage]:
    """Nobody counts the tries: a short one can be guessed."""
    token = settings.WATCHTOWER_HTTP_API_TOKEN
    if not token or len(token) >= LENGTH_OF_A_TOKEN:
        return []
    sentence = "WATCHTOWER_HTTP_API_TOKEN is short, and whoever guesses it may start updates."
    hint = f"Take one of {LENGTH_OF_A_TOKEN} characters or more, as `openssl rand -hex 16` makes."
    return [Caution(sentence, hint=hint, id="watchweb.W005")]


@register()
def environment_credentials(**_: Any) -> list[CheckMessage]:
    """Watchtower sent REPO_USER and REPO_PASS to every registry: say to which they go here."""
    try:
        login = environment_login(os.environ)
    except RegistryError as error:
        return [Caution(str(error), id="watchweb.W003")]
    if login is None:
        return []
    domains = ", ".join(settings.WATCHWEB_REPO_REGISTRIES) or "no registry at all"
    sentence = f"REPO_USER and REPO_PASS go to {domains}, and nowhere else."
    if "WATCHWEB_REPO_REGISTRIES" in os.environ:
        return [Info(sentence, id="watchweb.I001")]
    hint = "Set WATCHWEB_REPO_REGISTRIES to name the registries that may have them."
    return [Caution(sentence, hint=hint, id="watchweb.W004")]
