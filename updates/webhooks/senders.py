"""The senders there are: what each is called, proves itself with, and sends."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from updates.language import gettext_noop
from updates.webhooks import proof
from updates.webhooks.formats import (
    distribution,
    docker_hub,
    generic,
    gitea,
    github,
    gitlab,
    harbor,
    quay,
)
from updates.webhooks.message import Arrival, Message
from updates.webhooks.proof import Proof


class Kind(StrEnum):
    """Who sends."""

    DOCKER_HUB = "docker_hub"
    GITHUB = "github"
    GITLAB = "gitlab"
    HARBOR = "harbor"
    QUAY = "quay"
    GITEA = "gitea"
    DISTRIBUTION = "distribution"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Sender:
    """`how`: a sentence that says where its secret goes. `is_marked`: each of its bodies has a time
    or an id, so that no two are the same. Pages show `label` and `how` in their own language."""

    label: str
    parse: Callable[[Arrival], Message]
    proofs: Collection[Proof]
    how: str
    is_marked: bool = True

    @property
    def has_secret_in_address(self) -> bool:
        """It has no other place for it."""
        return tuple(self.proofs) == (proof.in_query,)


_IN_ADDRESS = gettext_noop(
    "The secret is part of the address, for the sender knows no other place for it."
)
_IN_HEADER = gettext_noop("The secret goes into the header Authorization, as “Bearer SECRET”.")
_IN_FIELD = gettext_noop(
    "The secret goes into the field Secret; the content type is application/json."
)

SENDERS: Mapping[Kind, Sender] = {
    Kind.DOCKER_HUB: Sender("Docker Hub", docker_hub.parse, (proof.in_query,), _IN_ADDRESS),
    Kind.GITHUB: Sender(
        "GitHub Packages",
        github.parse,
        (proof.hub_signature,),
        _IN_FIELD,
    ),
    Kind.GITLAB: Sender(
        gettext_noop("GitLab's registry"),
        gitlab.parse,
        (proof.in_gitlab_token, proof.in_authorization),
        gettext_noop(
            "The secret goes into the header X-Gitlab-Token of the registry's notifications."
        ),
    ),
    Kind.HARBOR: Sender(
        "Harbor",
        harbor.parse,
        (proof.in_authorization,),
        gettext_noop("The secret goes into the field Auth Header."),
    ),
    Kind.QUAY: Sender("Quay", quay.parse, (proof.in_query,), _IN_ADDRESS, is_marked=False),
    Kind.GITEA: Sender(
        gettext_noop("Gitea or Forgejo"),
        gitea.parse,
        (proof.gitea_signature,),
        _IN_FIELD,
        is_marked=False,
    ),
    Kind.DISTRIBUTION: Sender(
        gettext_noop("Registry notifications (distribution)"),
        distribution.parse,
        (proof.in_authorization,),
        _IN_HEADER,
    ),
    Kind.GENERIC: Sender(
        gettext_noop("Anything else: a script, a pipeline"),
        generic.parse,
        (proof.in_authorization, proof.timed_signature, proof.in_query),
        _IN_HEADER,
        is_marked=False,
    ),
}
