"""Ten more rows cost no page a query more."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.pushes.hooks import waiting, webhook
from tests.views import rows
from updates.models import (
    ApiToken,
    AuditEntry,
    Channel,
    Container,
    Delivery,
    Hold,
    Host,
    Replacement,
    Schedule,
    UpdateRun,
    Webhook,
    WebhookDelivery,
)
from updates.models.api_token import Scope
from updates.models.run import RunState


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        rows.text(client, address)
    return len(captured)


def more_containers(host: Host, number: int) -> None:
    rows.container(
        host, f"app-{number}", status=Container.Status.UPDATE_AVAILABLE, stack=f"stack-{number}"
    )


def more_dependants(host: Host, number: int) -> None:
    parent = f"app-{number - 1}" if number else "nobody"
    rows.container(host, f"app-{number}", labels={"watchweb.depends-on": parent})


def more_hosts(host: Host, number: int) -> None:
    other = Host.objects.create(name=f"host-{number}", url="unix:///x.sock", last_error="Away.")
    rows.container(other, "app", status=Container.Status.UNKNOWN)


def more_runs(host: Host, number: int) -> None:
    user = User.objects.create(username=f"user-{number}")
    rows.result(rows.run(host, user=user), "app")


def more_failures(host: Host, number: int) -> None:
    rows.container(host, f"app-{number}", status=Container.Status.UPDATE_AVAILABLE)
    rows.result(rows.run(host), f"app-{number}", state="failed", reason="No room.")


def more_open_runs(host: Host, number: int) -> None:
    user = User.objects.create(username=f"opener-{number}")
    rows.result(rows.run(host, RunState.QUEUED, user=user), "app", state="")


def more_registries(host: Host, number: int) -> None:
    domain = f"registry-{number}.example.com"
    rows.registry(domain, username="u", password="p", failed_at=timezone.now(), last_error="Away.")
    rows.answer(f"{domain}/app:1")


def more_answers(host: Host, number: int) -> None:
    rows.answer(f"registry-0.example.com/app-{number}:2")
    rows.container(host, f"app-{number}", image=f"registry-0.example.com/app-{number}:2")


def more_tokens(host: Host, number: int) -> None:
    rows.token("registry-0.example.com", f"repository:app-{number}:pull")


def more_of_web(host: Host, number: int) -> None:
    """Another update of web, that it might go back to."""
    if not Container.objects.filter(host=host, name="web").exists():
        rows.container(host, "web")
    rows.result(rows.run(host), "web", old_image_id=f"sha256:{number}", old_version=f"{number}")


def more_followers(host: Host, number: int) -> None:
    """Another that is recreated with web."""
    facts = {"status": Container.Status.UPDATE_AVAILABLE, "remote_digest": rows.NEW_DIGEST}
    web = Container.objects.filter(host=host, name="web").first()
    web = web or rows.container(host, "web", **facts)
    rows.container(host, f"side-{number}", network_mode=f"container:{web.container_id}")


def more_holds(host: Host, number: int) -> None:
    more_of_web(host, number)
    user = User.objects.create(username=f"holder-{number}")
    Hold.objects.create(host=host, container="web", digest=f"{number}", reason="No.", user=user)


def more_vanished(host: Host, number: int) -> None:
    part = rows.run(host).host_runs.get()
    Replacement.objects.create(
        host_run=part, name=f"gone-{number}", old_id=f"{number}", snapshot={"Id": "1"}
    )


def more_schedules(host: Host, number: int) -> None:
    now = timezone.now()
    row = Schedule.objects.create(name=f"schedule-{number}", when="@daily", next_at=now)
    row.hosts.add(host)
    tick = row.ticks.create(due_at=now, kind="scan", outcome="started", run=rows.run(host))
    Schedule.objects.filter(pk=row.pk).update(last_tick=tick)


def more_deeds(host: Host, number: int) -> None:
    AuditEntry.objects.create(username=f"u-{number}", origin="page", deed="added", subject="x")


def more_results(host: Host, number: int) -> None:
    shown = UpdateRun.objects.order_by("pk")[0]
    rows.result(shown, f"app-{number:02}", place=number + 1)
    rows.event(shown, "Something happened.", "app")


def more_parts(host: Host, number: int) -> None:
    shown = UpdateRun.objects.order_by("pk")[0]
    other = Host.objects.create(name=f"part-{number}", url="unix:///x.sock")
    shown.host_runs.create(host=other, state=RunState.FAILED, error="Away.")


def more_api_tokens(host: Host, number: int) -> None:
    owner = User.objects.create(username=f"owner-{number}")
    ApiToken.objects.issue(owner, f"script-{number}", Scope.READ)


def more_channels(host: Host, number: int) -> None:
    Channel.objects.create(name=f"channel-{number}", url="json://x/y")


def more_deliveries(host: Host, number: int) -> None:
    channel, _ = Channel.objects.get_or_create(pk=1, name="phone")
    Delivery.objects.create(channel=channel, run=rows.run(host), state="sent", title="x")


def more_webhooks(host: Host, number: int) -> None:
    waiting(webhook(), "docker.io/a/b:1")


def more_webhook_deliveries(host: Host, number: int) -> None:
    hook = Webhook.objects.filter(pk=1).first() or webhook(pk=1)
    row = waiting(hook, "docker.io/a/b:1")
    WebhookDelivery.objects.filter(pk=row.pk).update(run=rows.run(host), outcome="started")


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("/", more_containers),
        ("/", more_hosts),
        ("/", more_runs),
        ("/", more_open_runs),
        ("/", more_registries),
        ("/", more_failures),
        ("/", more_vanished),
        ("/", more_holds),
        ("/overview/", more_containers),
        ("/overview/", more_open_runs),
        ("/overview/", more_registries),
        ("/containers/", more_containers),
        ("/containers/", more_hosts),
        ("/hosts/", more_hosts),
        ("/hosts/", more_containers),
        ("/hosts/", more_schedules),
        ("/hosts/{host}/", more_schedules),
        ("/containers/?group=stack", more_containers),
        ("/containers/?group=host&policy=held", more_hosts),
        ("/hosts/{host}/", more_containers),
        ("/hosts/{host}/", more_dependants),
        ("/hosts/{host}/", more_runs),
        ("/hosts/{host}/", more_vanished),
        ("/hosts/{host}/containers/web/", more_of_web),
        ("/hosts/{host}/containers/web/", more_holds),
        ("/hosts/{host}/containers/web/live/", more_of_web),
        ("/hosts/{host}/containers/web/update/", more_followers),
        ("/registries/", more_registries),
        ("/registries/", more_answers),
        ("/registries/{registry}/", more_answers),
        ("/registries/{registry}/", more_tokens),
        ("/registries/{registry}/delete/", more_answers),
        ("/hosts/{host}/delete/", more_schedules),
        ("/audit/", more_deeds),
        ("/schedules/", more_schedules),
        ("/", more_schedules),
        ("/tokens/", more_tokens),
        ("/api-tokens/", more_api_tokens),
        ("/api/v1/hosts", more_hosts),
        ("/api/v1/registries", more_registries),
        ("/api/v1/containers", more_containers),
        ("/api/v1/containers", more_hosts),
        ("/api/v1/runs", more_runs),
        ("/api/v1/runs/{run}", more_results),
        ("/api/v1/runs/{run}", more_parts),
        ("/api/v1/runs/{run}/events", more_results),
        ("/api/v1/results", more_results),
        ("/api/v1/results?run={run}", more_parts),
        ("/api/v1/containers/{web}", more_of_web),
        ("/api/v1/containers/{web}", more_holds),
        ("/notifications/", more_channels),
        ("/notifications/1/", more_deliveries),
        ("/webhooks/", more_webhooks),
        ("/webhooks/1/", more_webhook_deliveries),
        ("/runs/", more_runs),
        ("/runs/live/", more_runs),
        ("/runs/live/", more_open_runs),
        ("/runs/compare/?b={run}&a={run}", more_results),
        ("/runs/{run}/results/", more_results),
        ("/runs/{run}/events/", more_results),
        ("/runs/{run}/", more_results),
        ("/runs/{run}/", more_parts),
        ("/runs/{run}/live/", more_results),
        ("/runs/{run}.json", more_results),
    ],
)
def test_ten_more_rows_cost_no_more_queries(
    address: str, more: Callable[[Host, int], None], admin_client: Client, host: Host
) -> None:
    Host.objects.update(scanned_at=timezone.now())
    first = rows.run(host)
    registry = rows.registry("registry-0.example.com" if more is not more_registries else "x.io")
    more(host, 0)
    web = Container.objects.filter(name="web").first()
    keys = {"host": host.pk, "run": first.pk, "registry": registry.pk, "web": web and web.pk}
    address = address.format(**keys)
    before = queries(admin_client, address)
    for number in range(1, 11):
        more(host, number)
    assert queries(admin_client, address) == before
