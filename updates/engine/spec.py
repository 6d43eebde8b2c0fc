"""The body that recreates a container: its inspect document minus what its old image gave it.

An inspect shows the image's defaults and the user's choices mixed. What equals the old image's
default is left out, so that the new image's default counts; the rest goes along untouched, fields
that are not known here included. Source: Engine API ContainerConfig and HostConfig; Watchtower's
rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from updates.engine.hostspec import has_number, host_config
from updates.engine.networks import SEVERAL_ENDPOINTS, endpoints, network_mode
from updates.engine.version import is_at_least

_SAME_AS_IMAGE = ("WorkingDir", "User", "StopSignal", "StopTimeout", "Shell", "OnBuild")
_MAPPINGS = ("Volumes", "ExposedPorts", "Labels")
_COMPOSE_IMAGE = "com.docker.compose.image"
_OWN_MARK = "com.centurylinklabs.watchtower"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CreateBody:
    """The raw body of a create, and the networks to connect after it."""

    config: dict[str, Any]
    connect: dict[str, dict[str, Any]] = field(default_factory=dict)
    platform: str | None = None


def create_body(
    container: Document,
    old_image: Document | None,
    *,
    image: str,
    api_version: str,
    image_id: str = "",
    new_ids: Mapping[str, str] | None = None,
) -> CreateBody:
    """The body for `image`, from the old container's and the old image's inspect documents.

    Without `old_image` nothing can be told apart and everything is kept. `new_ids` maps ids of
    containers that were recreated before this one to their new ids.
    """
    config = _config(container, dict((old_image or {}).get("Config") or {}))
    config["Image"] = image
    if image_id and _COMPOSE_IMAGE in config["Labels"]:
        config["Labels"][_COMPOSE_IMAGE] = image_id
    config["HostConfig"] = host_config(container, new_ids or {})
    _expose_published(config)
    created, connected = endpoints(container, api_version)
    if created:
        config["NetworkingConfig"] = {"EndpointsConfig": created}
    if is_at_least(api_version, SEVERAL_ENDPOINTS):
        config.pop("MacAddress", None)  # It belongs to the endpoint from here on.
    return CreateBody(config, connected, _platform(container))


def _platform(container: Document) -> str | None:
    """ "linux/arm64" where the engine can have an image for several platforms, and says which this
    container runs; elsewhere a tag is for one. Source: Engine API 1.48, ImageManifestDescriptor.
    """
    chosen = (container.get("ImageManifestDescriptor") or {}).get("platform") or {}
    parts = [str(chosen[key]) for key in ("os", "architecture", "variant") if chosen.get(key)]
    return "/".join(parts) if len(parts) > 1 else None


def _config(container: Document, defaults: Document) -> dict[str, Any]:
    config = dict(container["Config"])
    for key in _SAME_AS_IMAGE:
        if key in config and config[key] == defaults.get(key):
            del config[key]
    for key in _MAPPINGS:
        config[key] = _without(config.get(key) or {}, defaults.get(key) or {})
    _keep_own_mark(config, container)
    # Podman shows the default host name among the variables too.
    given = {*(defaults.get("Env") or []), f"HOSTNAME={container['Id'][:12]}"}
    config["Env"] = [entry for entry in config.get("Env") or [] if entry not in given]
    _drop_command(config, defaults)
    _drop_health(config, defaults.get("Healthcheck") or {})
    _drop_hostname(config, container)
    return config


def _keep_own_mark(config: dict[str, Any], container: Document) -> None:
    """What marks an updater stays, though its image says it too: it is how it knows itself."""
    own = container["Config"].get("Labels") or {}
    if _OWN_MARK in own:
        config["Labels"][_OWN_MARK] = own[_OWN_MARK]


def _without(own: Document, given: Document) -> dict[str, Any]:
    return {key: value for key, value in own.items() if key not in given or given[key] != value}


def _drop_command(config: dict[str, Any], defaults: Document) -> None:
    """Entrypoint and Cmd are a pair: an entrypoint of the user's own takes no command from images.

    An inspect shows an entrypoint that was emptied as none; [""] says so to a create.
    """
    own, given = config.get("Entrypoint") or [], defaults.get("Entrypoint") or []
    own_cmd, given_cmd = config.get("Cmd") or [], defaults.get("Cmd") or []
    if own != given:
        config["Entrypoint"] = own or [""]
        return
    if given_cmd and not own_cmd:
        return  # The image's entrypoint, given by hand: that is why there is no command.
    config.pop("Entrypoint", None)
    if own_cmd == given_cmd:
        config.pop("Cmd", None)


def _drop_health(config: dict[str, Any], given: Document) -> None:
    """Each field by itself: an engine takes those that are absent from the image."""
    kept = _without(config.pop("Healthcheck", None) or {}, given)
    if kept:
        config["Healthcheck"] = kept


def _drop_hostname(config: dict[str, Any], container: Document) -> None:
    """The default host name is the old short id; one that is shared is not the container's own."""
    shares_network = network_mode(container).startswith("container:")
    is_shared = shares_network or bool(container["HostConfig"].get("UTSMode"))
    if is_shared or config.get("Hostname") == container["Id"][:12]:
        config.pop("Hostname", None)
    if shares_network:
        config.pop("Domainname", None)


def _expose_published(config: dict[str, Any]) -> None:
    if network_mode(config).startswith("container:"):
        config["ExposedPorts"] = {}  # An engine refuses any beside a shared network.
        return
    ports = (*config["ExposedPorts"], *(config["HostConfig"].get("PortBindings") or {}))
    config["ExposedPorts"] = {
        port: config["ExposedPorts"].get(port) or {} for port in ports if has_number(port)
    }
