"""What each sender sends, in the shape of its documentation, about example images."""

import json
from typing import Any

from updates.webhooks.message import Arrival

DIGEST = "sha256:" + "8a" * 32
Json = dict[str, Any]

DOCKER_HUB: Json = {
    "callback_url": "https://registry.hub.docker.com/u/example/app/hook/2141b5bi5i5b02bec211i4eeih/",
    "push_data": {"pushed_at": 1417566161, "pusher": "robot", "tag": "latest"},
    "repository": {
        "comment_count": 0,
        "date_created": 1417494799,
        "is_official": False,
        "name": "app",
        "namespace": "example",
        "owner": "example",
        "repo_name": "example/app",
        "repo_url": "https://registry.hub.docker.com/u/example/app/",
        "status": "Active",
    },
}
GITHUB: Json = {
    "action": "published",
    "package": {
        "id": 10696,
        "name": "App",
        "namespace": "Example",
        "ecosystem": "CONTAINER",
        "package_type": "CONTAINER",
        "html_url": "https://github.com/orgs/Example/packages/10696",
        "created_at": "2026-01-19T17:20:16Z",
        "updated_at": "2026-01-19T17:20:16Z",
        "owner": {"login": "Example", "type": "Organization"},
        "package_version": {
            "id": 31914,
            "version": DIGEST,
            "container_metadata": {
                "tag": {"name": "1.4", "digest": DIGEST},
                "labels": {"description": ""},
                "manifest": {"digest": DIGEST, "media_type": "application/vnd.oci.image.index"},
            },
            "package_url": "ghcr.io/Example/App:1.4",
            "installation_command": "docker pull ghcr.io/Example/App:1.4",
        },
        "registry": {"type": "CONTAINER", "url": "https://ghcr.io/Example", "vendor": "GitHub Inc"},
    },
    "sender": {"login": "robot"},
}
GITHUB_PING: Json = {"zen": "Keep it logically awesome.", "hook_id": 1, "hook": {"type": "App"}}
GITEA: Json = {
    "action": "created",
    "repository": None,
    "package": {
        "id": 7,
        "owner": {"id": 1, "login": "Example"},
        "creator": {"id": 1, "login": "robot"},
        "type": "container",
        "name": "team/app",
        "version": "1.4",
        "html_url": "https://git.example.com/Example/-/packages/container/team%2Fapp/1.4",
        "created_at": "2026-01-19T17:20:16Z",
    },
    "organization": None,
    "sender": {"id": 1, "login": "robot"},
}
DISTRIBUTION: Json = {
    "events": [
        {
            "id": "320678d8-ca14-430f-8bb6-4ca139cd83f7",
            "timestamp": "2026-03-09T14:44:26.402973972-08:00",
            "action": "push",
            "target": {
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "size": 708,
                "digest": DIGEST,
                "length": 708,
                "repository": "shop/app",
                "url": f"http://192.168.100.227:5000/v2/shop/app/manifests/{DIGEST}",
                "tag": "1.4",
            },
            "request": {
                "id": "6df24a34-0959-4923-81ca-14f09767db19",
                "addr": "192.168.64.11:42961",
                "host": "registry.example.com:5000",
                "method": "PUT",
                "useragent": "curl/7.38.0",
            },
            "actor": {},
            "source": {
                "addr": "xtal.local:5000",
                "instanceID": "a53db899-3b4b-4a62-a067-8dd013beaca4",
            },
        }
    ]
}
GITLAB_PIPELINE: Json = {"object_kind": "pipeline", "object_attributes": {"status": "success"}}
HARBOR: Json = {
    "type": "PUSH_ARTIFACT",
    "occur_at": 1586922308,
    "operator": "admin",
    "event_data": {
        "resources": [
            {
                "digest": DIGEST,
                "tag": "latest",
                "resource_url": "hub.example.com/shop/debian:latest",
            }
        ],
        "repository": {
            "date_created": 1586922308,
            "name": "debian",
            "namespace": "shop",
            "repo_full_name": "shop/debian",
            "repo_type": "private",
        },
    },
}
HARBOR_CLOUD_EVENT: Json = {
    "specversion": "1.0",
    "id": "4b2f89a6-548d-4c12-9993-a1f5790b97d2",
    "source": "/projects/1/webhook/policies/3",
    "type": "harbor.artifact.pushed",
    "datacontenttype": "application/json",
    "time": "2026-04-03T06:17:18Z",
    "data": HARBOR["event_data"],
    "operator": "admin",
}
QUAY: Json = {
    "name": "repository",
    "repository": "example/test",
    "namespace": "example",
    "docker_url": "quay.io/example/test",
    "homepage": "https://quay.io/repository/example/test",
    "updated_tags": ["latest", "1.4"],
}
QUAY_BUILD: Json = {"build_id": "296ec063", "docker_url": "quay.io/example/test", "docker_tags": []}


def arrival(document: object, *, query: dict[str, str] | None = None, **headers: str) -> Arrival:
    """A request with this document; `x_github_event` becomes the header x-github-event."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Arrival(body, named, query or {})
