"""The settings of one host run: what was set, what the run says, which names it is for."""

from dataclasses import dataclass, field, replace

from updates.engine.container import ContainerSummary
from updates.flow import names
from updates.flow.policy import Effective, Policies
from updates.flow.session import NOBODY, Params
from updates.flow.settings import Settings


@dataclass(slots=True)
class Rules:
    """`host`: what counts for the host as a whole. `names`: those the run is for; () are all.

    `patterns`, `images` and `are_exact`: as in Params.
    """

    host: Settings
    names: tuple[str, ...]
    policies: Policies
    patterns: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    are_exact: bool = False
    known: dict[str, Effective] = field(default_factory=dict)

    @classmethod
    def of_run(cls, params: Params, policies: Policies, host_name: str = "") -> "Rules":
        """The rules for a run on a host: "nas/web" names web on the host nas, nothing elsewhere.

        Regular expressions name no host.
        """
        asked = policies.asked(params.switches)
        host = asked.for_host().settings
        mine = params.names
        if params.are_exact or not host.regex:
            mine = names.on_host(mine, host_name) or (NOBODY if mine else ())
        if not host.regex:
            disabled = names.on_host(host.disable_containers, host_name)
            host = replace(host, disable_containers=disabled)
        rest = (params.patterns, params.images, params.are_exact)
        return cls(host, mine, asked, *rest)

    def effective(self, container: ContainerSummary) -> Effective:
        """What counts for this container, and where it comes from."""
        if container.id not in self.known:
            self.known[container.id] = self.policies.of(container)
        return self.known[container.id]

    def of(self, container: ContainerSummary) -> Settings:
        """What counts for this container."""
        return self.effective(container).settings
