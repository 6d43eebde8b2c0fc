"""Whom a name means: containers as people, Watchtower's labels and compose call them.

Only whole names count: "db" is never another stack's "my-db". A name that fits several is nobody's.
Source: compose's labels project, service and container-number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from updates.engine.container import SHORTEST_ID, ContainerSummary
from updates.flow import labels


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Names to container ids; "" where a name is ambiguous."""

    by_name: Mapping[str, str]
    by_id: Mapping[str, str]
    by_replica: Mapping[str, str]
    by_service: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of(cls, containers: Sequence[ContainerSummary]) -> "Identifiers":
        ids = [(spelled, one.id) for one in containers for spelled in (one.id, one.id[:12])]
        services: dict[tuple[str, str], tuple[str, ...]] = {}
        for one in containers:
            key = labels.stack(one.labels), one.labels.get(labels.COMPOSE_SERVICE, "")
            if all(key):
                services[key] = (*services.get(key, ()), one.id)
        return cls(
            _unambiguous((one.name, one.id) for one in containers),
            _unambiguous(ids),
            _unambiguous((_replica(one), one.id) for one in containers),
            services,
        )

    def container(self, written: str) -> str:
        """The id of the container with this name, id or beginning of an id; "" if there is none."""
        written = written.lstrip("/")
        return self.by_name.get(written) or self.by_id.get(written) or self._beginning(written)

    def service(self, project: str, service: str) -> tuple[str, ...]:
        """The ids of a service's replicas, in its project alone."""
        return self.by_service.get((project, service), ())

    def named(self, name: str, project: str) -> tuple[str, ...]:
        """Whom a depends-on label in this project means.

        In this order: a container's own name, a service of the same project (every replica),
        project-service-replica, for a container that has a name of its own, and project-service
        (every replica).
        """
        if name in self.by_name:
            return tuple(filter(None, [self.by_name[name]]))
        one = tuple(filter(None, [self.by_replica.get(name, "")]))
        return self.service(project, name) or one or self._in_project(name)

    def _in_project(self, name: str) -> tuple[str, ...]:
        found = [ids for key, ids in self.by_service.items() if "-".join(key) == name]
        return found[0] if len(found) == 1 else ()

    def _beginning(self, written: str) -> str:
        """The one id that begins so. Less than six digits are more likely a name."""
        if len(written) < SHORTEST_ID:
            return ""
        found = {one for spelled, one in self.by_id.items() if spelled.startswith(written)}
        return found.pop() if len(found) == 1 else ""


def _replica(container: ContainerSummary) -> str:
    parts = [container.labels.get(label, "") for label in labels.COMPOSE_REPLICA]
    return "-".join(parts) if all(parts) else ""


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, container_id in pairs:
        found[name] = container_id if found.get(name, container_id) == container_id else ""
    return found | {"": ""}
