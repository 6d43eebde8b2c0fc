"""What a recreated container keeps of its own, and what it leaves to the new image."""

from typing import Any

import pytest

from tests.engine.documents import OLD_ID, Json, container, endpoint, image
from updates.engine.spec import create_body


def recreated(
    document: Json, old_image: Json | None = None, api_version: str = "1.41", **more: Any
) -> Json:
    """The create body's config."""
    body = create_body(document, old_image, image="shop/web:2", api_version=api_version, **more)
    return body.config


@pytest.mark.parametrize("key", ["WorkingDir", "User", "StopSignal", "StopTimeout", "Shell"])
def test_what_equals_the_old_images_default_is_left_out(key: str) -> None:
    document = container(config={key: "same"})
    assert key not in recreated(document, image(**{key: "same"}))
    assert recreated(document, image(**{key: "other"}))[key] == "same"
    assert recreated(document, image())[key] == "same"


@pytest.mark.parametrize(
    ("own", "given", "kept"),
    [
        ((["e"], ["c"]), (["e"], ["c"]), {}),
        ((["e"], ["mine"]), (["e"], ["c"]), {"Cmd": ["mine"]}),
        ((["mine"], ["c"]), (["e"], ["c"]), {"Entrypoint": ["mine"], "Cmd": ["c"]}),
        ((["mine"], None), (["e"], ["c"]), {"Entrypoint": ["mine"], "Cmd": None}),
        # An emptied entrypoint is shown as none.
        ((None, ["c"]), (["e"], ["c"]), {"Entrypoint": [""], "Cmd": ["c"]}),
        # The image's entrypoint given by hand takes no command from the image.
        ((["e"], None), (["e"], ["c"]), {"Entrypoint": ["e"], "Cmd": None}),
        ((None, ["c"]), (None, ["c"]), {}),
        (([], ["mine"]), (None, ["c"]), {"Cmd": ["mine"]}),
    ],
)
def test_entrypoint_and_command_are_a_pair(own: Any, given: Any, kept: Json) -> None:
    document = container(config={"Entrypoint": own[0], "Cmd": own[1]})
    config = recreated(document, image(Entrypoint=given[0], Cmd=given[1]))
    assert {key: config[key] for key in ("Entrypoint", "Cmd") if key in config} == kept


def test_the_users_variables_stay_and_the_images_go() -> None:
    document = container(config={"Env": ["PATH=/bin", "A=user", "B=1", "MINE=x"]})
    config = recreated(document, image(Env=["PATH=/bin", "A=image", "B=1"]))
    assert config["Env"] == ["A=user", "MINE=x"]


def test_labels_volumes_and_ports_lose_what_the_image_gave() -> None:
    document = container(
        config={
            "Labels": {"v": "1", "same": "key", "mine": "x"},
            "Volumes": {"/image": {}, "/mine": {}},
            "ExposedPorts": {"80/tcp": {}, "9/tcp": {}},
        }
    )
    given = image(
        Labels={"v": "1", "same": "other"}, Volumes={"/image": {}}, ExposedPorts={"80/tcp": {}}
    )
    config = recreated(document, given)
    assert config["Labels"] == {"same": "key", "mine": "x"}
    assert config["Volumes"] == {"/mine": {}}
    assert config["ExposedPorts"] == {"9/tcp": {}}


def test_what_marks_an_updater_stays_though_its_image_says_it_too() -> None:
    mark = "com.centurylinklabs.watchtower"
    labels = {mark: "true", f"{mark}.scope": "x", "v": "1"}
    config = recreated(container(config={"Labels": labels}), image(Labels=labels))
    assert config["Labels"] == {mark: "true"}
    assert mark not in recreated(container(), image(Labels=labels))["Labels"]


def test_the_default_host_name_among_podmans_variables_is_not_carried_over() -> None:
    document = container(config={"Env": [f"HOSTNAME={OLD_ID[:12]}", "HOSTNAME=mine"]})
    assert recreated(document)["Env"] == ["HOSTNAME=mine"]


def test_a_domain_name_stays() -> None:
    assert recreated(container(config={"Domainname": "x.test"}), image())["Domainname"] == "x.test"


@pytest.mark.parametrize(
    ("document", "platform"),
    [
        ({}, None),
        ({"Platform": "linux"}, None),
        ({"ImageManifestDescriptor": None}, None),
        ({"ImageManifestDescriptor": {"platform": {"os": "linux"}}}, None),
        (
            {"ImageManifestDescriptor": {"platform": {"os": "linux", "architecture": "arm64"}}},
            "linux/arm64",
        ),
        (
            {
                "ImageManifestDescriptor": {
                    "digest": "sha256:x",
                    "platform": {"architecture": "arm", "os": "linux", "variant": "v7"},
                }
            },
            "linux/arm/v7",
        ),
    ],
)
def test_one_that_runs_one_of_an_images_platforms_goes_on_with_it(
    document: Json, platform: str | None
) -> None:
    body = create_body(container() | document, image(), image="x", api_version="1.48")
    assert body.platform == platform


def test_a_port_without_a_number_is_neither_published_nor_exposed() -> None:
    document = container(
        config={"ExposedPorts": {"/tcp": {}, "9/udp": {}}},
        host={"PortBindings": {"/tcp": [{"HostPort": "1"}], "80/tcp": None}},
    )
    config = recreated(document)
    assert config["ExposedPorts"] == {"9/udp": {}, "80/tcp": {}}
    assert config["HostConfig"]["PortBindings"] == {"80/tcp": None}


def test_a_published_port_is_exposed_even_if_the_new_image_does_not() -> None:
    bindings = {"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "/tcp": [{"HostPort": ""}]}
    document = container(config={"ExposedPorts": {"80/tcp": {}}}, host={"PortBindings": bindings})
    config = recreated(document, image(ExposedPorts={"80/tcp": {}}))
    assert config["ExposedPorts"] == {"80/tcp": {}}
    assert list(config["HostConfig"]["PortBindings"]) == ["80/tcp"]


def test_each_field_of_a_healthcheck_is_the_users_or_the_images() -> None:
    own = {"Test": ["CMD", "t"], "Interval": 1, "Retries": 3, "StartInterval": 5}
    given = {"Test": ["CMD", "t"], "Interval": 2, "Retries": 3, "StartInterval": 5}
    config = recreated(container(config={"Healthcheck": own}), image(Healthcheck=given))
    assert config["Healthcheck"] == {"Interval": 1}
    config = recreated(container(config={"Healthcheck": own}), image(Healthcheck=own))
    assert "Healthcheck" not in config
    config = recreated(
        container(config={"Healthcheck": {"Test": ["NONE"]}}), image(Healthcheck=own)
    )
    assert config["Healthcheck"] == {"Test": ["NONE"]}
    assert "Healthcheck" not in recreated(container(), image(Healthcheck=own))


@pytest.mark.parametrize(
    ("hostname", "host", "kept"),
    [
        (OLD_ID[:12], {}, None),
        ("mail", {}, "mail"),
        ("mail", {"NetworkMode": "container:x"}, None),
        ("mail", {"UTSMode": "host"}, None),
        ("mail", {"NetworkMode": "host"}, "mail"),
    ],
)
def test_a_host_name_is_kept_if_it_is_the_containers_own(
    hostname: str, host: Json, kept: str | None
) -> None:
    config = recreated(container(config={"Hostname": hostname}, host=host), image())
    assert config.get("Hostname") == kept


def test_a_container_in_anothers_network_exposes_nothing() -> None:
    document = container(
        config={"ExposedPorts": {"80/tcp": {}}, "Domainname": "of-the-other"},
        host={"NetworkMode": "container:x"},
    )
    config = recreated(document)
    assert config["ExposedPorts"] == {}
    assert "Domainname" not in config
    assert "NetworkingConfig" not in config


def test_unknown_fields_go_along() -> None:
    document = container(config={"FromTheFuture": 1}, host={"AlsoNew": {"deep": [1]}})
    config = recreated(document, image())
    assert config["FromTheFuture"] == 1
    assert config["HostConfig"]["AlsoNew"] == {"deep": [1]}
    assert config["HostConfig"]["Memory"] == 7


def test_without_the_old_image_all_is_kept() -> None:
    own = {"Env": ["A=1"], "Cmd": ["c"], "Labels": {"v": "1"}, "StopSignal": "SIGINT"}
    config = recreated(container(config=own), None)
    assert {key: config[key] for key in own} == own
    assert config["Image"] == "shop/web:2"


def test_the_compose_label_names_the_new_image() -> None:
    label = "com.docker.compose.image"
    composed = container(config={"Labels": {label: "sha256:old"}})
    assert recreated(composed, image(), image_id="sha256:new")["Labels"][label] == "sha256:new"
    assert recreated(composed, image())["Labels"][label] == "sha256:old"
    assert label not in recreated(container(), image(), image_id="sha256:new")["Labels"]


def test_a_chosen_mac_address_moves_to_the_endpoint_at_1_44() -> None:
    mac = "02:11:22:33:44:55"
    document = container(config={"MacAddress": mac}, networks={"bridge": endpoint(MacAddress="")})
    old = recreated(document, api_version="1.43")
    assert old["MacAddress"] == mac
    assert old["NetworkingConfig"]["EndpointsConfig"]["bridge"] == {}
    new = recreated(document, api_version="1.44")
    assert "MacAddress" not in new
    assert new["NetworkingConfig"]["EndpointsConfig"]["bridge"] == {"MacAddress": mac}


def test_the_documents_stay_as_they_were() -> None:
    document = container(
        config={"Labels": {"a": "b"}, "Volumes": {"/v": {}}},
        host={"Mounts": [{"Type": "volume", "Target": "/v"}], "Devices": [{"PathOnHost": "/d"}]},
        networks={"front": endpoint(IPAMConfig={"IPv4Address": "172.18.0.9"})},
    )
    before = repr(document)
    body = create_body(document, image(Labels={"a": "b"}), image="x", api_version="1.44")
    body.config["NetworkingConfig"]["EndpointsConfig"]["front"]["IPAMConfig"].clear()
    assert repr(document) == before
