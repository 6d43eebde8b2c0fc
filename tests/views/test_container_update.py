"""What an update would change is seen before it is started; what is in its way can be approved."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from tests.fakes.registry import FakeRegistry
from tests.views import rows
from updates.models import Container, Hold, Host, ImageConfig, Policy, UpdateRun
from updates.views.container_update import MOVED_ON

SOON = timezone.now() + timedelta(hours=1)


@pytest.fixture
def web(host: Host) -> Container:
    return rows.container(
        host,
        "web",
        status="update_available",
        local_digest=rows.DIGEST,
        remote_digest=rows.NEW_DIGEST,
    )


@pytest.fixture
def registry(db: None) -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        rows.registry(fake.address, plain_http=True)
        yield fake


def sheet(row: Container) -> str:
    return f"/hosts/{row.host_id}/containers/{row.name}/update/"


def known(digest: str, **config: object) -> None:
    ImageConfig.objects.create(digest=digest, contents={"config": config, "layers": {digest: 2048}})


def pressed(client: Client, row: Container, digest: str = rows.NEW_DIGEST) -> tuple[str, str]:
    answer = client.post(sheet(row), {"digest": digest})
    assert answer.status_code == 302
    return answer.headers["Location"], " ".join(map(str, get_messages(answer.wsgi_request)))


def test_looking_starts_nothing_and_pressing_starts_this_one_alone(
    signed_in: Client, operator: User, web: Container
) -> None:
    assert "Update now" in rows.text(signed_in, sheet(web))
    assert not UpdateRun.objects.exists()
    where, _ = pressed(signed_in, web)
    run = UpdateRun.objects.get()
    assert where == f"/runs/{run.pk}/"
    params = run.parameters()
    assert (run.kind, run.user, params.names) == ("update", operator, ("nas/web",))
    assert "cooldown_delay" not in params.switches
    assert OrmQ.objects.count() == 1


def test_another_image_than_was_looked_at_is_not_installed(
    signed_in: Client, web: Container
) -> None:
    where, why = pressed(signed_in, web, rows.DIGEST)
    assert (where, why) == (sheet(web), MOVED_ON)
    pressed(signed_in, web, "")
    assert not UpdateRun.objects.exists()


def test_an_approval_lifts_the_block_of_this_image_and_goes_past_the_cooldown(
    signed_in: Client, web: Container
) -> None:
    Container.objects.update(held_until=SOON)
    Policy.objects.create(host=web.host, values={"cooldown_delay": 86400})
    for digest in (rows.NEW_DIGEST, "sha256:" + "0" * 64):
        Hold.objects.create(host=web.host, container="web", digest=digest, reason="It failed.")
    page = rows.text(signed_in, sheet(web))
    assert "Approve and update" in page
    assert "Update now" not in page
    pressed(signed_in, web)
    assert UpdateRun.objects.get().parameters().switches["cooldown_delay"] == 0
    assert Hold.objects.get().digest != rows.NEW_DIGEST


@pytest.mark.parametrize("what", ["held", "monitor_only", "stopped", "host_off", "label_cooldown"])
def test_what_an_approval_cannot_lift_has_no_button_and_starts_nothing(
    what: str, signed_in: Client, web: Container
) -> None:
    if what == "held":
        Hold.objects.create(host=web.host, container="web", reason="Wait.")
    elif what == "monitor_only":
        Policy.objects.create(host=web.host, values={"monitor_only": True})
    elif what == "stopped":
        Container.objects.update(state="exited")
    elif what == "host_off":
        Host.objects.update(enabled=False)
    else:
        Container.objects.update(labels={"watchweb.cooldown-delay": "9d"}, held_until=SOON)
    page = rows.text(signed_in, sheet(web))
    assert "Update now" not in page
    assert "Approve and" not in page
    where, why = pressed(signed_in, web)
    assert where == sheet(web)
    assert why
    assert not UpdateRun.objects.exists()


def test_one_without_an_update_says_so(signed_in: Client, web: Container) -> None:
    Container.objects.update(status="up_to_date")
    page = rows.text(signed_in, sheet(web))
    assert "web has no update" in page
    assert "Update now" not in page
    assert pressed(signed_in, web)[1] == "There is no update for web."


def test_what_two_images_differ_in_is_shown_with_who_restarts_and_what_runs(
    signed_in: Client, operator: User, web: Container
) -> None:
    known(rows.DIGEST, Env=["A=1"], Labels={"a": "<b>"})
    known(rows.NEW_DIGEST, Env=["A=2"], Labels={"org.opencontainers.image.version": "2.0"})
    rows.container(
        web.host, "side", network_mode=f"container:{web.container_id}", status="up_to_date"
    )
    Policy.objects.create(
        host=web.host,
        container="web",
        values={"lifecycle_pre_update": "backup.sh"},
    )
    Policy.objects.create(values={"enable_lifecycle_hooks": True})
    page = rows.text(signed_in, sheet(web))
    assert "<b>Variable A</b>" in page
    assert "<del>1</del>" in page
    assert "<ins>2</ins>" in page
    assert "&lt;b&gt;" in page
    assert "2.0" in page
    assert "1 of 1 layers is new: 2.0" in page
    assert "side</a> is restarted: It shares the network" in page
    assert "The pre-update command runs" in page
    assert "backup.sh" not in page  # Only who may look at the settings sees commands.
    operator.user_permissions.add(Permission.objects.get(codename="view_policy"))
    assert "<code>backup.sh</code>" in rows.text(signed_in, sheet(web))


def test_the_registry_is_asked_when_a_person_wants_to_know(
    signed_in: Client, web: Container, registry: FakeRegistry
) -> None:
    digests = [
        registry.put_image("web", json.dumps({"config": {"Cmd": [tag]}}).encode(), tag)
        for tag in ("1", "2")
    ]
    Container.objects.update(
        image=f"{registry.address}/web:1", local_digest=digests[0], remote_digest=digests[1]
    )
    assert "Compare the two images" in rows.text(signed_in, sheet(web))
    assert not registry.seen
    part = signed_in.post(f"{sheet(web)}images/", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<section class="card" id="contents"')
    assert "<del>1</del>" in part
    whole = signed_in.post(f"{sheet(web)}images/").text
    assert "<del>1</del>" in whole
    assert "What happens" in whole
    assert "Compare the two images" not in rows.text(signed_in, sheet(web))


def test_a_registry_that_refuses_says_so(
    signed_in: Client, web: Container, registry: FakeRegistry
) -> None:
    Container.objects.update(image=f"{registry.address}/web:1")
    page = signed_in.post(f"{sheet(web)}images/").text
    assert 'role="alert"' in page
    assert "Try again" in page


def test_who_may_only_look_sees_it_without_buttons(
    clerk: Callable[..., Client], web: Container
) -> None:
    viewer = clerk()
    page = rows.text(viewer, sheet(web)).partition("<main")[2]
    assert "<button" not in page
    assert "What happens" in page
    assert viewer.post(sheet(web), {"digest": rows.NEW_DIGEST}).status_code == 403
    assert viewer.post(f"{sheet(web)}images/").status_code == 403
    assert not UpdateRun.objects.exists()


def test_one_that_is_not_there_has_no_sheet(signed_in: Client, host: Host) -> None:
    assert signed_in.get(f"/hosts/{host.pk}/containers/x/update/").status_code == 404


def test_after_sign_in_the_button_is_pressed_anew(signed_in: Client, web: Container) -> None:
    answer = signed_in.get(f"{sheet(web)}images/")
    assert answer.headers["Location"] == sheet(web)
