"""The body of a helper: a short-lived container beside another one, with all that this one has at
hand (image, environment, volumes, user, networks), and nothing that only one of them can have or
that others find it by (ports, addresses, aliases, labels).

Source: Engine API ContainerConfig, HostConfig, EndpointSettings.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from updates.engine.networks import Endpoints
from updates.engine.spec import CreateBody, Document, create_body

_ITS_ALONE = ("Hostname", "Domainname", "MacAddress")
_SHARED = ("Links", "DriverOpts", "GwPriority")
# One that is killed, or whose machine is, comes back and can put right what it left: --rm has no
# restart policy, so it has to remove itself. The engine waits longer before each try, for some ten
# minutes in all.
_SHORT_LIVED: Mapping[str, Any] = {
    "AutoRemove": False,
    "ContainerIDFile": "",
    "PortBindings": {},
    "PublishAllPorts": False,
    "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 20},
}


def helper_body(
    container: Document,
    image_document: Document | None,
    *,
    image: str,
    command: Sequence[str],
    labels: Mapping[str, str],
    env: Mapping[str, str],
    api_version: str,
) -> CreateBody:
    """The body for `command` beside `container`, from its and its image's inspect documents.

    `env` comes on top of the container's own; `labels` are all that it has besides the image's.
    """
    body = create_body(container, image_document, image=image, api_version=api_version)
    config = {key: body.config[key] for key in body.config if key not in _ITS_ALONE}
    config |= {
        "Entrypoint": list(command[:1]),
        "Cmd": list(command[1:]),
        "Env": _overlaid(config["Env"], env),
        "ExposedPorts": {},
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": dict(labels),
        "HostConfig": config["HostConfig"] | _SHORT_LIVED,
    }
    if created := (config.get("NetworkingConfig") or {}).get("EndpointsConfig"):
        config["NetworkingConfig"] = {"EndpointsConfig": _unnamed(created)}
    return CreateBody(config, _unnamed(body.connect), body.platform)


def _overlaid(entries: Sequence[str], env: Mapping[str, str]) -> list[str]:
    kept = [entry for entry in entries if entry.partition("=")[0] not in env]
    return [*kept, *(f"{name}={value}" for name, value in env.items())]


def _unnamed(endpoints: Endpoints) -> Endpoints:
    """The same networks, without the addresses and aliases that lead to the other container."""
    return {
        network: {key: settings[key] for key in _SHARED if key in settings}
        for network, settings in endpoints.items()
    }
