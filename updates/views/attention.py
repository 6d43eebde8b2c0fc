"""What about the registries needs a person: the settings', and each registry's own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings

from updates.models import Registry
from updates.models.trust import ending_soon, why_left_out
from updates.templatetags.registries import until


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at. `state` is its badge; without an `address` it is about settings."""

    state: str
    tone: str
    subject: str
    sentence: str
    address: str = ""


def concerns(rows: Sequence[Registry]) -> list[Concern]:
    """All there is, the worst first. Asks the database nothing."""
    own = [concern for row in rows for concern in _of(row)]
    tones = ("bad", "news", "busy")
    return sorted([*_of_settings(), *own], key=lambda concern: tones.index(concern.tone))


def _of_settings() -> Iterator[Concern]:
    if complaint := why_left_out():
        yield Concern("left out", "bad", "CA of all registries", complaint)
    if sentence := ending_soon():
        yield Concern("expires soon", "news", "CA of all registries", sentence)
    if settings.WATCHWEB_INSECURE_REGISTRY:
        yield Concern(
            "insecure",
            "news",
            "All registries",
            "WATCHWEB_INSECURE_REGISTRY is on: certificates are not checked, but where a registry "
            "has a CA of its own.",
        )


def _of(row: Registry) -> Iterator[Concern]:
    name, address = row.domain, row.get_absolute_url()
    if row.is_paused and row.paused_until:
        sentence = f"Its rate limit is used up; it is asked again from {until(row.paused_until)}."
        yield Concern("waits", "busy", name, sentence, address)
    elif row.is_failing:
        yield Concern("failing", "bad", name, row.last_error, address)
    for sentence in row.expiring():
        is_over = " expired " in sentence
        state, tone = ("expired", "bad") if is_over else ("expires soon", "news")
        yield Concern(state, tone, name, sentence, address)
    if row.is_insecure:  # By its own row: what the settings say is said once.
        yield Concern("insecure", "news", name, _danger(row), address)


def _danger(row: Registry) -> str:
    if row.plain_http:
        return "Plain HTTP: everything is sent unencrypted, passwords too."
    return "Its certificate is not checked: whoever is on the way may pose as it."
