"""The pages' addresses."""

from django.contrib.auth import views as auth
from django.urls import path

from updates.views.containers import containers
from updates.views.dashboard import dashboard, overview
from updates.views.health import healthz
from updates.views.host import host
from updates.views.run import run, run_json, run_live
from updates.views.runs import runs
from updates.views.start import start_run

urlpatterns = [
    path("", dashboard, name="dashboard"),
    path("overview/", overview, name="overview"),
    path("containers/", containers, name="containers"),
    path("hosts/<int:pk>/", host, name="host"),
    path("runs/", runs, name="runs"),
    path("runs/start/", start_run, name="start-run"),
    path("runs/<int:pk>/", run, name="run"),
    path("runs/<int:pk>/live/", run_live, name="run-live"),
    path("runs/<int:pk>.json", run_json, name="run-json"),
    path("login/", auth.LoginView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("healthz", healthz, name="healthz"),
]
