"""What depends on registries: the containers that run their images, and the hosts these are on."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, QuerySet

from updates.models import Container, Tally
from updates.models.tally import Summed
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference


@dataclass(slots=True)
class Use:
    """Containers by host, by the hosts' keys and names."""

    by_host: Counter[tuple[int, str]] = field(default_factory=Counter)

    @property
    def containers(self) -> int:
        return self.by_host.total()

    @property
    def hosts(self) -> list[tuple[int, str, int]]:
        """(key, name, containers) of each host, by name."""
        return sorted(((*one, n) for one, n in self.by_host.items()), key=lambda one: one[1])


def uses() -> defaultdict[str, Use]:
    """By domain; one statement, a row for each image on each host."""
    found: defaultdict[str, Use] = defaultdict(Use)
    rows = Container.objects.order_by().values_list("image", "host", "host__name")
    for image, host, name, number in rows.annotate(n=Count("pk")):
        if domain := _domain_of(image):
            found[domain].by_host[host, name] += number
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """How many requests there were, and how they ended: answered, refused (4xx), failed (5xx),
    unanswered; and how many were told to wait (429, among the refused)."""

    answered: int = 0
    refused: int = 0
    failed: int = 0
    unanswered: int = 0
    told_to_wait: int = 0


def asked_of(domain: str) -> Asked:
    """Since the installation began; two statements."""
    ends: Counter[str] = Counter()
    for labels, value in _tallies(Summed.REQUESTS).values_list("labels", "value"):
        name, _, end = labels.rpartition("\n")
        if name.partition("\n")[0] == domain:
            ends[end] += round(value)
    waits = _tallies(Summed.RATE_LIMITED).filter(labels=domain).values_list("value", flat=True)
    return Asked(
        answered=ends["2xx"] + ends["3xx"],
        refused=ends["4xx"],
        failed=ends["5xx"],
        unanswered=ends["none"],
        told_to_wait=round(sum(waits)),
    )


def _tallies(family: Summed) -> QuerySet[Tally]:
    return Tally.objects.filter(family=family.value, subject=0)


@lru_cache(maxsize=4096)
def _domain_of(image: str) -> str:
    """The registry of an image; "" for one that has no name but its ID."""
    try:
        return Reference.parse(image).domain
    except InvalidReference:
        return ""
