"""The pages' addresses."""

from django.contrib.auth import views as auth
from django.urls import include, path

from updates.views.api_tokens import add_api_token, api_tokens, revoke_api_token
from updates.views.audit import audit, audit_file
from updates.views.cancel import cancel
from updates.views.channel_form import (
    add_channel,
    change_channel,
    delete_channel,
    preview_channel,
    send_test,
)
from updates.views.channels import channel, channels
from updates.views.check_again import check_again
from updates.views.container import container, container_live
from updates.views.container_update import look_into_images, update_container
from updates.views.containers.act import act
from updates.views.containers.columns import choose_columns
from updates.views.containers.export import containers_csv, containers_json
from updates.views.containers.page import containers, containers_live
from updates.views.dashboard import dashboard, overview
from updates.views.first_steps import welcome, welcome_steps
from updates.views.go_back import go_back
from updates.views.health import healthz, readyz
from updates.views.hold import hold_container, skip_image
from updates.views.hook import hook
from updates.views.host import host
from updates.views.host_acts import delete_host, probe_host, switch_host
from updates.views.host_form import ALONE as HOST_FIELDS
from updates.views.host_form import add_host, change_host
from updates.views.hosts import hosts
from updates.views.icon import icon
from updates.views.import_logins import import_registries
from updates.views.jump import jump
from updates.views.metrics import metrics, watchtower_metrics
from updates.views.password import ChangePassword
from updates.views.policy import container_settings, global_settings, host_settings
from updates.views.preferences import choose_theme, preferences, shortcuts
from updates.views.probe import probe_registry
from updates.views.rebuild import rebuild
from updates.views.registries import registries
from updates.views.registry import registry
from updates.views.registry_delete import delete_registry
from updates.views.registry_form import ALONE as REGISTRY_FIELDS
from updates.views.registry_form import add_registry, change_registry, registry_fields
from updates.views.release import release
from updates.views.run import run, run_live, run_results
from updates.views.run_compare import compare_runs
from updates.views.run_files import run_csv, run_events, run_json
from updates.views.runs import runs, runs_live
from updates.views.schedule_form import (
    add_schedule,
    change_schedule,
    delete_schedule,
    preview_schedule,
)
from updates.views.schedule_now import run_schedule, run_upkeep
from updates.views.schedules import pause_schedules, schedules, switch_schedule
from updates.views.self_update import update_itself
from updates.views.start import start_run
from updates.views.tokens import flush_tokens, tokens
from updates.views.webhook_form import (
    add_webhook,
    change_webhook,
    delete_webhook,
    rotate_webhook,
)
from updates.views.webhooks import webhook, webhooks

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("overview/", overview, name="overview"),
    path("welcome/", welcome, name="welcome"),
    path("welcome/steps/", welcome_steps, name="welcome-steps"),
    path("containers/", containers, name="containers"),
    path("hosts/", hosts, name="hosts"),
    path("hosts/add/", add_host, name="host-add"),
    path("hosts/field/<slug:name>/", HOST_FIELDS.view, name="host-field"),
    path("containers/live/", containers_live, name="containers-live"),
    path("containers/act/", act, name="containers-act"),
    path("containers/columns/", choose_columns, name="containers-columns"),
    path("containers.csv", containers_csv, name="containers-csv"),
    path("containers.json", containers_json, name="containers-json"),
    path("hosts/<int:pk>/", host, name="host"),
    path("hosts/<int:pk>/change/", change_host, name="host-change"),
    path("hosts/<int:pk>/delete/", delete_host, name="host-delete"),
    path("hosts/<int:pk>/switch/", switch_host, name="host-switch"),
    path("hosts/<int:pk>/test/", probe_host, name="host-test"),
    path("hosts/field/<slug:name>/<int:pk>/", HOST_FIELDS.view, name="host-field"),
    path("settings/", global_settings, name="settings"),
    path("hosts/<int:pk>/settings/", host_settings, name="host-settings"),
    path("hosts/<int:pk>/containers/<str:name>/", container, name="container"),
    path("hosts/<int:pk>/containers/<str:name>/live/", container_live, name="container-live"),
    path("hosts/<int:pk>/containers/<str:name>/update/", update_container, name="container-update"),
    path(
        "hosts/<int:pk>/containers/<str:name>/update/images/",
        look_into_images,
        name="container-images",
    ),
    path("hosts/<int:pk>/containers/<str:name>/hold/", hold_container, name="container-hold"),
    path("hosts/<int:pk>/containers/<str:name>/skip/", skip_image, name="container-skip"),
    path("hosts/<int:pk>/containers/<str:name>/back/", go_back, name="container-back"),
    path("hosts/<int:pk>/containers/<str:name>/again/", rebuild, name="container-rebuild"),
    path("hosts/<int:pk>/containers/<str:name>/release/", release, name="container-release"),
    path(
        "hosts/<int:pk>/containers/<str:name>/settings/",
        container_settings,
        name="container-settings",
    ),
    path("hosts/<int:pk>/update-itself/", update_itself, name="update-itself"),
    path("registries/", registries, name="registries"),
    path("registries/add/", add_registry, name="registry-add"),
    path("registries/fields/", registry_fields, name="registry-fields"),
    path("registries/field/<slug:name>/", REGISTRY_FIELDS.view, name="registry-field"),
    path("registries/field/<slug:name>/<int:pk>/", REGISTRY_FIELDS.view, name="registry-field"),
    path("registries/import/", import_registries, name="registries-import"),
    path("registries/<int:pk>/", registry, name="registry"),
    path("registries/<int:pk>/change/", change_registry, name="registry-change"),
    path("registries/<int:pk>/fields/", registry_fields, name="registry-fields"),
    path("registries/<int:pk>/delete/", delete_registry, name="registry-delete"),
    path("registries/<int:pk>/test/", probe_registry, name="registry-test"),
    path("registries/<int:pk>/check/", check_again, name="registry-check"),
    path("schedules/", schedules, name="schedules"),
    path("schedules/add/", add_schedule, name="schedule-add"),
    path("schedules/pause/", pause_schedules, name="schedules-pause"),
    path("schedules/preview/", preview_schedule, name="schedule-preview"),
    path("schedules/upkeep/", run_upkeep, name="upkeep-run"),
    path("schedules/<int:pk>/run/", run_schedule, name="schedule-run"),
    path("schedules/<int:pk>/", change_schedule, name="schedule-change"),
    path("schedules/<int:pk>/delete/", delete_schedule, name="schedule-delete"),
    path("schedules/<int:pk>/switch/", switch_schedule, name="schedule-switch"),
    path("notifications/", channels, name="channels"),
    path("notifications/add/", add_channel, name="channel-add"),
    path("notifications/preview/", preview_channel, name="channel-preview"),
    path("notifications/<int:pk>/", channel, name="channel"),
    path("notifications/<int:pk>/change/", change_channel, name="channel-change"),
    path("notifications/<int:pk>/test/", send_test, name="channel-test"),
    path("notifications/<int:pk>/delete/", delete_channel, name="channel-delete"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/flush/", flush_tokens, name="tokens-flush"),
    path("api-tokens/", api_tokens, name="api-tokens"),
    path("api-tokens/add/", add_api_token, name="api-token-add"),
    path("api-tokens/<int:pk>/revoke/", revoke_api_token, name="api-token-revoke"),
    path("audit/", audit, name="audit"),
    path("audit.csv", audit_file, {"form": "csv"}, name="audit-csv"),
    path("audit.json", audit_file, {"form": "json"}, name="audit-json"),
    path("api/v1/", include("updates.api.urls")),
    path("runs/", runs, name="runs"),
    path("runs/live/", runs_live, name="runs-live"),
    path("runs/compare/", compare_runs, name="runs-compare"),
    path("runs/start/", start_run, name="start-run"),
    path("runs/<int:pk>/", run, name="run"),
    path("runs/<int:pk>/live/", run_live, name="run-live"),
    path("runs/<int:pk>/results/", run_results, name="run-results"),
    path("runs/<int:pk>/events/", run_events, name="run-events"),
    path("runs/<int:pk>/cancel/", cancel, name="run-cancel"),
    path("runs/<int:pk>.json", run_json, name="run-json"),
    path("runs/<int:pk>.csv", run_csv, name="run-csv"),
    path("jump/", jump, name="jump"),
    path("icon.svg", icon, name="icon"),
    path("preferences/", preferences, name="preferences"),
    path("preferences/password/", ChangePassword.as_view(), name="password-change"),
    path("preferences/theme/", choose_theme, name="choose-theme"),
    path("shortcuts/", shortcuts, name="shortcuts"),
    path("webhooks/", webhooks, name="webhooks"),
    path("webhooks/add/", add_webhook, name="webhook-add"),
    path("webhooks/<int:pk>/", webhook, name="webhook"),
    path("webhooks/<int:pk>/change/", change_webhook, name="webhook-change"),
    path("webhooks/<int:pk>/secret/", rotate_webhook, name="webhook-secret"),
    path("webhooks/<int:pk>/delete/", delete_webhook, name="webhook-delete"),
    path("hooks/<slug:address>/", hook, name="hook"),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("v1/metrics", watchtower_metrics, name="watchtower-metrics"),
    path("", include("updates.watchtower_api.urls")),
]
