"""Starting a run from a page."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_q.models import OrmQ

from tests.views.fleet import add_containers
from updates.models import Host, UpdateRun

pytestmark = pytest.mark.django_db


def test_a_scan_of_everything_is_written_down_and_queued(signed_in: Client, host: Host) -> None:
    answer = signed_in.post("/runs/start/", {"kind": "scan"})
    run = UpdateRun.objects.get()
    assert answer.headers["Location"] == f"/runs/{run.pk}/"
    assert (run.kind, run.trigger, str(run.user)) == ("scan", "page", "operator")
    assert [part.host for part in run.host_runs.all()] == [host]
    assert OrmQ.objects.count() == 1


def test_only_the_chosen_container_of_two_namesakes_is_in_the_run(
    signed_in: Client, host: Host
) -> None:
    other = Host.objects.create(name="attic", url="unix:///other.sock")
    [chosen] = add_containers(host, 1)
    add_containers(other, 1)
    signed_in.post("/runs/start/", {"kind": "update", "container": chosen.pk})
    run = UpdateRun.objects.get()
    assert [part.host for part in run.host_runs.all()] == [host]
    assert run.parameters().names == ("nas/app-0",)
    assert run.parameters().on_host("nas").names == ("app-0",)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"kind": "update", "selection": "1"}, "Select at least one container first."),
        ({"kind": "dance"}, "message error"),
        ({"kind": "scan", "host": "99"}, "host"),
    ],
)
def test_a_wrong_form_starts_nothing_and_says_why(
    signed_in: Client, host: Host, sent: dict[str, str], said: str
) -> None:
    answer = signed_in.post("/runs/start/", sent, follow=True)
    assert said in answer.text
    assert not UpdateRun.objects.exists()


def test_without_a_host_it_says_how_to_add_one(signed_in: Client) -> None:
    answer = signed_in.post("/runs/start/", {"kind": "scan"}, follow=True)
    assert "addhost" in answer.text
    assert not UpdateRun.objects.exists()


def test_who_may_not_start_runs_sees_no_button_and_is_refused(client: Client, host: Host) -> None:
    client.force_login(User.objects.create_user("viewer"))
    add_containers(host, 1)
    for path in ("/", "/containers/", f"/hosts/{host.pk}/"):
        assert 'name="kind"' not in client.get(path).text, path
    assert client.post("/runs/start/", {"kind": "scan"}).status_code == 403
    assert not UpdateRun.objects.exists()
