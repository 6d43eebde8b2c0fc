"""Asking a registry anew from its page: one scan of just the containers that matter."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests.flow.summaries import container as listed
from tests.views import rows
from updates.flow.filters import is_named
from updates.flow.rules import Rules
from updates.flow.session import Kind
from updates.models import Host, Policy, Registry, UpdateRun
from updates.runs.policies import policies_of


@pytest.fixture
def fleet(host: Host) -> Registry:
    """Two of its images on two hosts, and what looks like them and is none."""
    attic = Host.objects.create(name="attic", url="unix:///x.sock")
    off = Host.objects.create(name="off", url="unix:///x.sock", enabled=False)
    rows.container(host, "web", image="registry.example.com/web:1")
    rows.container(attic, "web", image="registry.example.com/web:1")
    rows.container(attic, "db", image="registry.example.com/db:1")
    rows.container(host, "hub", image="registry.example.com.evil/web:1")
    rows.container(host, "official", image="nginx:1.27")
    rows.container(host, "nameless", image=rows.DIGEST)
    rows.container(off, "web", image="registry.example.com/web:1")
    return rows.registry()


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ({}, {"nas/web", "attic/web", "attic/db"}),
        ({"reference": "registry.example.com/db:1"}, {"attic/db"}),
    ],
)
def test_just_the_containers_on_its_images_are_scanned_anew(
    form: dict[str, str], names: set[str], admin_client: Client, fleet: Registry
) -> None:
    answer = admin_client.post(f"/registries/{fleet.pk}/check/", form)
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    params = run.parameters()
    assert (params.kind, params.max_age_s, set(params.names)) == (Kind.SCAN, 0, names)
    hosts = {part.host.name for part in run.host_runs.select_related("host")}
    assert hosts == {name.partition("/")[0] for name in names}


def test_docker_hubs_images_are_known_by_their_short_names(
    admin_client: Client, fleet: Registry
) -> None:
    hub = rows.registry("docker.io")
    reference = "docker.io/library/nginx:1.27"
    admin_client.post(f"/registries/{hub.pk}/check/", {"reference": reference})
    assert UpdateRun.objects.get().parameters().names == ("nas/official",)


def test_a_name_is_no_pattern_where_a_host_takes_regular_expressions(
    admin_client: Client, fleet: Registry, host: Host
) -> None:
    Policy.objects.create(host=host, values={"regex": True})
    form = {"reference": "registry.example.com/web:1"}
    admin_client.post(f"/registries/{fleet.pk}/check/", form)
    params = UpdateRun.objects.get().parameters()
    rules = Rules.of_run(params, policies_of(host), host.name)
    takes_part = [name for name in ("web", "web-2") if is_named(listed(name), rules)]
    assert takes_part == ["web"]


def test_with_nothing_to_check_it_says_so(admin_client: Client, fleet: Registry) -> None:
    form = {"reference": "registry.example.com/gone:1"}
    answer = admin_client.post(f"/registries/{fleet.pk}/check/", form)
    assert answer.headers["Location"] == f"/registries/{fleet.pk}/"
    said = " ".join(map(str, get_messages(answer.wsgi_request)))
    assert said == "No container of an enabled host runs this now; nothing to check."
    assert not UpdateRun.objects.exists()


def test_it_needs_the_right_to_start_runs(clerk: Callable[..., Client], fleet: Registry) -> None:
    address = f"/registries/{fleet.pk}/check/"
    for rights in (["view_registry", "change_registry"], ["start_run"]):
        assert clerk(*rights).post(address).status_code == 403
    assert not UpdateRun.objects.exists()
    assert clerk("view_registry", "start_run").post(address).status_code == 302
    assert UpdateRun.objects.exists()


def test_a_sign_in_that_came_in_between_leads_back(admin_client: Client, fleet: Registry) -> None:
    answer = admin_client.get(f"/registries/{fleet.pk}/check/", follow=True)
    assert answer.redirect_chain == [(f"/registries/{fleet.pk}/", 302)]
    assert "please press the button again" in answer.text
