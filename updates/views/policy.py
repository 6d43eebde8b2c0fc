"""The settings of everything, of a host, of a container: one page for all three."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from updates.flow.policy import Effective, Policies
from updates.flow.setting import Level
from updates.forms import PolicyForm
from updates.models import Container, Host, Policy
from updates.runs.policies import everywhere, policies_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.view_policy", raise_exception=True)
def global_settings(request: HttpRequest) -> HttpResponse:
    return _page(request, Policy.objects.set_for(), everywhere(), None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.view_policy", raise_exception=True)
def host_settings(request: HttpRequest, pk: int) -> HttpResponse:
    host = get_object_or_404(Host, pk=pk)
    return _page(request, Policy.objects.set_for(host), policies_of(host), None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("updates.view_policy", raise_exception=True)
def container_settings(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """For a container that is there, or that was set up when it was."""
    host = get_object_or_404(Host, pk=pk)
    container = Container.objects.filter(host=host, name=name).first()
    policy = Policy.objects.set_for(host, name)
    if container is None and policy.pk is None:
        raise Http404
    shown = container or Container(host=host, name=name)
    return _page(request, policy, policies_of(host), shown)


def _page(
    request: HttpRequest, policy: Policy, policies: Policies, container: Container | None
) -> HttpResponse:
    may_change = request.user.has_perm("updates.change_policy")
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    effective = _effective(policies, container)
    inherited = _effective(_without(policies, policy), container)
    data = request.POST if request.method == "POST" else None
    form = PolicyForm(policy, effective, inherited, data)
    if data is not None and form.is_valid():
        said = _("%(settings)s: saved. The next run goes by it.")
        messages.success(request, said % {"settings": form.save().heading})
        return redirect(policy)
    groups = list(form.groups())
    context = {
        "form": form,
        "groups": groups,
        "set_count": sum(row.is_set for _group, rows in groups for row in rows),
        "policy": policy,
        "host": policy.host,
        "container": container,
        "may_change": may_change,
        "complaints": effective.complaints,
    }
    return render(request, "updates/policy.html", context)


def _effective(policies: Policies, container: Container | None) -> Effective:
    if container is None:
        return policies.for_host()
    return policies.for_container(container.name, container.labels)


def _without(policies: Policies, policy: Policy) -> Policies:
    """What is set elsewhere than in this row."""
    if policy.level is Level.GLOBAL:
        return replace(policies, everywhere={})
    if policy.level is Level.HOST:
        return replace(policies, host={})
    return replace(policies, containers={})
