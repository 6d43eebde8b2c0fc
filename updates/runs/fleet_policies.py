"""What is set for the containers of all hosts, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

from updates.flow.labels import WATCHTOWER, WATCHWEB
from updates.flow.policy import Policies
from updates.flow.settings import Settings
from updates.models import Container, Policy
from updates.runs.policies import everywhere

_PREFIXES = (WATCHTOWER, WATCHWEB)


@dataclass(frozen=True, slots=True)
class PoliciesByHost:
    """`hosts`: what is set for a host by its key; `wide`: what counts where nothing is."""

    wide: Policies
    hosts: dict[int, Policies] = field(default_factory=dict)
    _known: dict[Hashable, Settings] = field(default_factory=dict)

    @classmethod
    def read(cls) -> PoliciesByHost:
        """Two queries, however many hosts there are."""
        wide = everywhere()
        own: dict[int, dict[str, Any]] = defaultdict(dict)
        for row in Policy.objects.exclude(host=None):
            own[row.host_id or 0][row.container] = row.values
        hosts = {
            pk: replace(wide, host=values.pop("", {}), containers=values)
            for pk, values in own.items()
        }
        return cls(wide, hosts)

    def of(self, container: Container) -> Settings:
        """What counts for this container; worked out once for those of a host that are alike."""
        policies = self.hosts.get(container.host_id, self.wide)
        own = container.name if container.name in policies.containers else ""
        said = {key: text for key, text in container.labels.items() if key.startswith(_PREFIXES)}
        alike = (container.host_id, own, tuple(sorted(said.items())))
        if alike not in self._known:
            self._known[alike] = policies.for_container(own, said).settings
        return self._known[alike]
