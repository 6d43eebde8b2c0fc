"""The kinds of registries: what a person enters for each, and what cannot work.

The kind decides how the saved secret is used (see `broker`), and what the form says. Sources:
the operators' own documentation, linked in docs/registries.md.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from updates.language import gettext as _
from updates.language import gettext_noop
from updates.registry.errors import AuthError
from updates.registry.logins.google_key import read_google_key
from updates.registry.reference import DOCKER_HUB

GOOGLE_TOKEN_USER = "oauth2accesstoken"  # noqa: S105 - the user name that Google gives to tokens
AWS_TOKEN_USER = "AWS"  # noqa: S105 - the user name that ECR gives to tokens


class RegistryKind(StrEnum):
    """Who runs the registry. GENERIC takes a user name and a password as they are."""

    GENERIC = "generic"
    DOCKER_HUB = "docker-hub"
    GITHUB = "github"
    GITLAB = "gitlab"
    QUAY = "quay"
    HARBOR = "harbor"
    ECR = "ecr"
    GOOGLE = "google"
    AZURE = "azure"


@dataclass(frozen=True, slots=True)
class KindForm:
    """The words of a kind's form: what to enter, where it is made, the least rights it needs.

    `fixed_username` stands for a user name that was left empty; "" where there is none.
    `is_brokered`: the saved secret is traded for credentials that end within hours, and with
    nothing saved the worker's own role in the cloud is.
    """

    label: str
    username_label: str
    username_help: str
    secret_label: str
    secret_help: str
    fixed_username: str = ""
    is_brokered: bool = False


_FORMS = {
    RegistryKind.GENERIC: KindForm(
        gettext_noop("Any registry"),
        gettext_noop("User name"),
        gettext_noop("Leave both empty for images that anybody may pull."),
        gettext_noop("Password or token"),
        gettext_noop("One that may only pull is enough."),
    ),
    RegistryKind.DOCKER_HUB: KindForm(
        "Docker Hub",
        gettext_noop("Docker ID"),
        gettext_noop(
            "Your Docker ID, not your e-mail address; for an organization's token its name."
        ),
        gettext_noop("Access token"),
        gettext_noop(
            "A personal access token from Account settings, Personal access tokens, with the right"
            ' "Public Repo Read-only"; "Read-only" if private images are followed too.'
        ),
    ),
    RegistryKind.GITHUB: KindForm(
        "GitHub Packages (ghcr.io)",
        gettext_noop("GitHub user name"),
        gettext_noop("The account that the token belongs to."),
        gettext_noop("Personal access token (classic)"),
        gettext_noop(
            "From Settings, Developer settings, Personal access tokens, Tokens (classic), with the"
            " scope read:packages alone. The registry does not take fine-grained tokens."
        ),
    ),
    RegistryKind.GITLAB: KindForm(
        "GitLab",
        gettext_noop("User name of the deploy token"),
        gettext_noop(
            "As shown beside the new token: gitlab+deploy-token-… unless another was chosen."
        ),
        gettext_noop("Deploy token"),
        gettext_noop(
            "From the project or group, Settings, Repository, Deploy tokens, with the scope"
            " read_registry. A personal access token with that scope works with your own user name."
        ),
    ),
    RegistryKind.QUAY: KindForm(
        "Quay",
        gettext_noop("Robot account"),
        gettext_noop("organization+robot, as Quay shows it; a normal user name works too."),
        gettext_noop("Robot token"),
        gettext_noop(
            "From the organization or account, Robot accounts. Give the robot Read on the"
            " repositories that are followed."
        ),
    ),
    RegistryKind.HARBOR: KindForm(
        "Harbor",
        gettext_noop("Robot account"),
        gettext_noop(
            "The whole name with its single $: robot$name, or robot$project+name for a project's."
        ),
        gettext_noop("Robot secret"),
        gettext_noop(
            "From the project, Robot Accounts, with the permission Pull Repository alone. It is"
            " shown once."
        ),
    ),
    RegistryKind.ECR: KindForm(
        "Amazon ECR",
        gettext_noop("Access key ID"),
        gettext_noop(
            "Of an IAM user. Leave both empty to use the role of the machine that the worker runs"
            " on."
        ),
        gettext_noop("Secret access key"),
        gettext_noop(
            "From IAM, Users, Security credentials. The policy AmazonEC2ContainerRegistryReadOnly,"
            " or PullOnly, is enough. It is traded for a token of twelve hours (needs the extra"
            " aws)."
        ),
        is_brokered=True,
    ),
    RegistryKind.GOOGLE: KindForm(
        "Google Artifact Registry",
        gettext_noop("User name"),
        gettext_noop(
            "Leave it empty: it is _json_key. Leave both empty to use the service account of the"
            " machine that the worker runs on."
        ),
        gettext_noop("JSON key of a service account"),
        gettext_noop(
            "The whole file, from IAM, Service accounts, Keys. The role Artifact Registry Reader is"
            " enough. It is traded for a token of one hour (needs the extra google)."
        ),
        fixed_username="_json_key",
        is_brokered=True,
    ),
    RegistryKind.AZURE: KindForm(
        "Azure Container Registry",
        gettext_noop("Token name or application ID"),
        gettext_noop(
            "The name of a token of the registry, or the application ID of a service principal."
        ),
        gettext_noop("Password or client secret"),
        gettext_noop(
            "From the registry, Repository permissions, Tokens, with the scope map"
            " _repositories_pull; or of a service principal with the role AcrPull."
        ),
    ),
}

_ECR = re.compile(
    r"\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z]{2,}(?:-[a-z0-9]+)+)"
    r"\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.com\.cn)"
)
_AZURE = re.compile(r"[a-z0-9-]+\.azurecr\.(?:io|cn|us)")
_GOOGLE = re.compile(r"(?:[a-z0-9-]+\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev")
# Open to anybody; a role of one's own gains nothing there.
_PUBLIC = frozenset({"mirror.gcr.io", "k8s.gcr.io", "public.ecr.aws"})
_EXACT = {
    DOCKER_HUB: RegistryKind.DOCKER_HUB,
    "ghcr.io": RegistryKind.GITHUB,
    "docker.pkg.github.com": RegistryKind.GITHUB,
}
_PATTERNS = (
    (_ECR, RegistryKind.ECR),
    (_GOOGLE, RegistryKind.GOOGLE),
    (_AZURE, RegistryKind.AZURE),
)
_LABELS = {
    "gitlab": RegistryKind.GITLAB,
    "quay": RegistryKind.QUAY,
    "harbor": RegistryKind.HARBOR,
}


def form_of(kind: RegistryKind) -> KindForm:
    return _FORMS[kind]


def kind_of(domain: str) -> RegistryKind:
    """The kind that a domain suggests to the person who adds it; GENERIC where it tells nothing.

    A row that nobody edited stays GENERIC whatever its domain: nothing saved means anonymous
    there, but the worker's own role with a brokered kind.
    """
    host = _host(domain)
    if host in _PUBLIC:
        return RegistryKind.GENERIC
    if kind := _EXACT.get(host):
        return kind
    for pattern, kind in _PATTERNS:
        if pattern.fullmatch(host):
            return kind
    named = (_LABELS[label] for label in host.split(".") if label in _LABELS)
    return next(named, RegistryKind.GENERIC)


def ecr_region(domain: str) -> str:
    """The AWS region of a private ECR registry: `eu-central-1`; "" if the domain names none."""
    match = _ECR.fullmatch(_host(domain))
    return match[1] if match else ""


def complaint(
    kind: RegistryKind, domain: str, username: str, secret: str
) -> tuple[str, str] | None:
    """(field, sentence) for what surely cannot work; None for all that might.

    The field is "username", "password" or "domain". Empty username and secret are never
    complained about, except that the domain must fit the kind.
    """
    if ":" in username or not username.isprintable():
        return "username", _("A user name holds no colon, line break or other control character.")
    if kind is RegistryKind.ECR:
        return _complaint_about_ecr(domain, username)
    if kind is RegistryKind.GOOGLE:
        return _complaint_about_google(username, secret)
    if kind is RegistryKind.HARBOR:
        return _complaint_about_harbor(username)
    return None


def _complaint_about_ecr(domain: str, username: str) -> tuple[str, str] | None:
    if not ecr_region(domain):
        return "domain", _(
            "This is no private ECR registry, whose domain names account and region:"
            " 123456789012.dkr.ecr.eu-central-1.amazonaws.com. Choose another kind for it."
        )
    if username == AWS_TOKEN_USER:
        return "username", _(
            'A token of the user "AWS" ends after twelve hours: enter an access key, or nothing'
            " to use the worker's own role."
        )
    if username.startswith("ASIA"):
        return "username", _(
            "An access key that begins with ASIA is a temporary one: enter one that begins with"
            " AKIA, or nothing to use the worker's own role."
        )
    return None


def _complaint_about_google(username: str, secret: str) -> tuple[str, str] | None:
    if not secret or username == GOOGLE_TOKEN_USER:
        return None
    try:
        read_google_key(secret)
    except AuthError as error:
        return "password", str(error)
    return None


def _complaint_about_harbor(username: str) -> tuple[str, str] | None:
    if not username.startswith("robot"):
        return None
    if "$$" in username or "\\" in username:
        return "username", _("Write the name as Harbor shows it, with one $ and nothing before it.")
    if not username.removeprefix("robot$").strip():
        return "username", _("The name of the robot is missing after robot$.")
    return None


def _host(domain: str) -> str:
    """Without its port, in lower case."""
    return domain.lower().partition(":")[0]
