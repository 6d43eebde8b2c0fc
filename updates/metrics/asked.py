"""What the requests to registries add to the tallies: once per host run, whatever they were."""

from collections.abc import Iterable

from updates.metrics.sums import Sums
from updates.models.tally import Summed
from updates.registry.messages import Request

NO_ANSWER = "none"
_TOO_MANY = 429


def add_requests(sums: Sums, registry: str, requests: Iterable[Request]) -> None:
    """`registry` is its domain: a request may have gone to its token service."""
    for one in requests:
        sums.count(Summed.REQUESTS, registry, one.kind.value, status_class(one.status))
        if one.status == _TOO_MANY:
            sums.count(Summed.RATE_LIMITED, registry)


def status_class(status: int | None) -> str:
    """ "2xx" for 200; "none" where no answer came."""
    return NO_ANSWER if status is None else f"{status // 100}xx"


def add_token_uses(sums: Sums, registry: str, number: int, *, is_hit: bool) -> None:
    """So many tokens were needed that were at hand, or else had to be fetched."""
    sums.count(Summed.TOKEN_HITS if is_hit else Summed.TOKEN_MISSES, registry, by=number)
