"""A host whose containers share references, and updates of it."""

from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import docker

from bench.child import BenchError, Child
from bench.scans import row_of
from tests.lab.dockerd import Dockerd
from tests.lab.images import ImageSpec
from tests.lab.registry import Registry
from tests.runs.crowd import make_crowd

EACH = 5  # Containers on one reference.
LONGEST_S = 900.0
AGENT = "watchweb/"


@dataclass(frozen=True, slots=True)
class Update:
    """What one update took. `engine` is calls by name, `pulled` the engine's own requests to the
    registry."""

    containers: int
    stale: int
    seconds: float
    engine: Mapping[str, int]
    engine_calls: int
    registry: Mapping[str, int]
    pulled: int
    states: Mapping[str, int]

    @property
    def is_right(self) -> bool:
        fresh = self.containers - self.stale
        wanted = {"updated": self.stale, "fresh": fresh}
        return dict(self.states) == {state: n for state, n in wanted.items() if n}

    def calls_each(self, idle: "Update") -> float:
        """Engine calls beyond those of an update with nothing to do, for each stale container."""
        return (self.engine_calls - idle.engine_calls) / self.stale

    def report(self, when: str) -> None:
        calls = ", ".join(f"{n} {name}" for name, n in sorted(self.engine.items()))
        asked = ", ".join(f"{n} {kind}" for kind, n in sorted(self.registry.items()))
        became = ", ".join(f"{n} {state}" for state, n in sorted(self.states.items()))
        print(f"{when}, {self.containers} containers, {self.stale} stale: {self.seconds:.1f} s")
        print(f"  became:   {became}")
        print(f"  engine:   {self.engine_calls} calls ({calls})")
        print(f"  registry: {asked or 'nothing'}; {self.pulled} by the engine's pulls", flush=True)


@dataclass(slots=True)
class Town:
    """An engine with its containers, their registry, and the process that updates them."""

    engine: Dockerd
    registry: Registry
    updater: Child
    gate_seconds: int
    references: int
    moved: int = 0
    seen: int = 0

    @property
    def containers(self) -> int:
        return self.references * EACH

    def build(self) -> None:
        """Every container made, and started."""
        make_crowd(self.engine, self.registry, containers=self.containers, count=self.references)
        with closing(self.engine.api()) as api:
            for container in api.containers(all=True):
                api.start(container["Id"])

    def halve(self) -> None:
        """Half of the references and their containers go."""
        self.references //= 2
        kept = {f"crowd/app-{number}" for number in range(self.references)}
        with closing(self.engine.api()) as api:
            for container in api.containers(all=True):
                if _repository(api, container["Id"]) not in kept:
                    api.remove_container(container["Id"], force=True)

    def begin(self) -> None:
        """As on the first day."""
        hosts = {"lab": self.engine.url}
        self.updater.ask(do="begin", registry=row_of(self.registry), hosts=hosts)

    def update(self, move: int) -> Update:
        """Move so many references on, and update. Raises BenchError."""
        self.moved += 1
        for number in range(move):
            spec = ImageSpec(version=f"{number}.{self.moved}")
            self.registry.push(f"crowd/app-{number}", "1", spec)
        self._asked()
        said = self.updater.ask(LONGEST_S, do="update", gate_seconds=self.gate_seconds)
        if error := said.pop("error"):
            raise BenchError(f"The update did not finish: {error}")
        ours, pulled = self._asked()
        if ours.total() != said.pop("registry_calls"):
            raise BenchError("The registry counts other requests than the run does.")
        return Update(self.containers, move * EACH, registry=ours, pulled=pulled.total(), **said)

    def _asked(self) -> tuple[Counter[str], Counter[str]]:
        """What the registry was asked since the last time: by the product, by the engine."""
        logged = self.registry.requests()
        new, self.seen = logged[self.seen :], len(logged)
        ours, others = Counter[str](), Counter[str]()
        for one in new:
            what = "manifest" if "/manifests/" in one.path else "blob"
            kind = "ping" if one.path == "/v2/" else f"{one.method} {what}"
            (ours if one.agent.startswith(AGENT) else others)[kind] += 1
        return ours, others


def _repository(api: docker.APIClient, container: str) -> str:
    image = str(api.inspect_container(container)["Config"]["Image"])
    return image.partition("/")[2].partition(":")[0]
