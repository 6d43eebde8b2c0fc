"""Simulated engines (bench/simulated_engines.py) as a bench sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.child import Child
from bench.images import Tagged

_OLD_DIGEST = f"sha256:{'0' * 64}"


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one engine runs, in the order of its containers' names: app-0, app-1 and so on.

    `stale`: the references that have moved on since this engine pulled them.
    """

    images: Sequence[Tagged]
    stale: frozenset[str] = field(default=frozenset())

    def listed(self) -> list[tuple[str, str]]:
        """(reference, digest here) of each container."""
        return [
            (one.reference, _OLD_DIGEST if one.reference in self.stale else one.digest)
            for one in self.images
        ]

    def expected(self) -> dict[str, str]:
        """What each container is: "stale" or "fresh"."""
        return {
            f"app-{number}": "stale" if one.reference in self.stale else "fresh"
            for number, one in enumerate(self.images)
        }


class Engines(Child):
    """Several engines. `urls` is where they are, by name."""

    module = "bench.simulated_engines"

    def __init__(self, inventories: Mapping[str, Inventory]) -> None:
        super().__init__()
        self.inventories = inventories
        self.urls: dict[str, str] = {}

    def start(self) -> None:
        super().start()
        listed = {name: inventory.listed() for name, inventory in self.inventories.items()}
        self.urls = self.ask(engines=listed)["urls"]

    def take(self) -> dict[str, int]:
        """Calls by path since the last time."""
        return dict(self.ask()["calls"])

    def expected(self) -> dict[str, dict[str, str]]:
        """By engine, then by container: "stale" or "fresh"."""
        return {name: one.expected() for name, one in self.inventories.items()}
