"""A helper has what the container beside it has at hand, and nothing that others find that by."""

from typing import Any

import pytest

from tests.engine.documents import ANONYMOUS, Json, container, endpoint, image, volume
from updates.engine.helper_spec import helper_body
from updates.engine.spec import CreateBody

COMMAND = ("python", "manage.py", "executerun", "7")


def helper(document: Json, api_version: str = "1.41", **more: Any) -> CreateBody:
    given: dict[str, Any] = {"command": COMMAND, "labels": {"watchweb.helper": "7"}, "env": {}}
    own_image = image(Env=["PATH=/bin"], Entrypoint=["python"], Labels={"of": "image"})
    return helper_body(
        document, own_image, image="shop/web:1", api_version=api_version, **given | more
    )


def test_it_runs_its_own_command_from_the_same_image() -> None:
    config = helper(container(config={"Entrypoint": ["python"], "Cmd": ["up"]})).config
    assert (config["Entrypoint"], config["Cmd"]) == (["python"], list(COMMAND[1:]))
    assert config["Image"] == "shop/web:1"


def test_environment_user_and_mounts_are_those_of_the_container() -> None:
    own = {"User": "990", "Env": ["PATH=/bin", "SECRET_KEY=s3cret", "TZ=UTC"]}
    host = {"Binds": ["/run/docker.sock:/run/docker.sock"], "GroupAdd": ["999"]}
    config = helper(container(config=own, host=host, mounts=[volume("/data")])).config
    assert (config["User"], config["Env"]) == ("990", ["SECRET_KEY=s3cret", "TZ=UTC"])
    assert config["HostConfig"]["Binds"] == host["Binds"]
    assert config["HostConfig"]["GroupAdd"] == ["999"]
    assert config["HostConfig"]["Mounts"][0]["Source"] == ANONYMOUS


def test_what_is_given_wins_over_the_containers_variables() -> None:
    document = container(config={"Env": ["CA=/old.pem", "TZ=UTC"]})
    config = helper(document, env={"CA": "/new.pem", "MORE": ""}).config
    assert config["Env"] == ["TZ=UTC", "CA=/new.pem", "MORE="]


def test_it_publishes_nothing_and_is_watched_by_nobody() -> None:
    own = {"ExposedPorts": {"8000/tcp": {}}, "Healthcheck": {"Test": ["CMD", "true"]}}
    host = {"PortBindings": {"8000/tcp": [{"HostPort": "80"}]}, "PublishAllPorts": True}
    config = helper(container(config=own, host=host)).config
    assert config["HostConfig"]["PortBindings"] == {}
    assert config["HostConfig"]["PublishAllPorts"] is False
    assert config["ExposedPorts"] == {}
    assert config["Healthcheck"] == {"Test": ["NONE"]}


def test_it_has_its_own_label_alone_and_no_name_of_the_container() -> None:
    own = {"Labels": {"com.docker.compose.service": "web"}, "Hostname": "web", "Domainname": "x"}
    config = helper(container(config=own)).config
    assert config["Labels"] == {"watchweb.helper": "7"}
    assert not {"Hostname", "Domainname"} & config.keys()


@pytest.mark.parametrize("policy", [{"Name": "always"}, {"Name": "no"}])
def test_it_comes_back_only_if_it_fails_and_not_for_ever(policy: Json) -> None:
    host = helper(container(host={"RestartPolicy": policy, "AutoRemove": True})).config[
        "HostConfig"
    ]
    assert host["RestartPolicy"]["Name"] == "on-failure"
    assert host["RestartPolicy"]["MaximumRetryCount"] > 0
    assert host["AutoRemove"] is False


@pytest.mark.parametrize("api_version", ["1.41", "1.44"])
def test_it_is_in_the_same_networks_under_no_name_or_address_of_the_container(
    api_version: str,
) -> None:
    chosen = {
        "IPAMConfig": {"IPv4Address": "10.0.0.5"},
        "Aliases": ["web"],
        "Links": ["db:db"],
        "MacAddress": "02:00:00:00:00:01",
    }
    networks = {"front": endpoint(**chosen), "back": endpoint(**chosen)}
    document = container(
        config={"MacAddress": "02:00:00:00:00:01"},
        host={"NetworkMode": "front"},
        networks=networks,
    )
    body = helper(document, api_version)
    assert "MacAddress" not in body.config
    attached = body.config["NetworkingConfig"]["EndpointsConfig"] | body.connect
    assert attached == {"front": {"Links": ["db:db"]}, "back": {"Links": ["db:db"]}}


def test_a_network_of_the_machine_or_of_another_container_is_shared() -> None:
    for mode in ("host", "container:abc"):
        body = helper(container(host={"NetworkMode": mode}, networks={"host": endpoint()}))
        assert body.config["HostConfig"]["NetworkMode"] == mode
        assert "NetworkingConfig" not in body.config
