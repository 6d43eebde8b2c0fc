"""Which containers are only watched: kept in their rows, so that lists can be narrowed by it.

A scan writes it with the rest of the row; a changed policy at once.
"""

from typing import Any

from django.db.models import Case, When
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from updates.models import Container, Policy
from updates.runs.fleet_policies import PoliciesByHost

_READ = ("host_id", "name", "labels", "monitor_only")


@receiver([post_save, post_delete], sender=Policy)
def follow(instance: Policy, **_: Any) -> None:
    """Bring the rows that a policy is about up to what counts now."""
    rows = Container.objects.all()
    if instance.host_id is not None:
        rows = rows.filter(host=instance.host_id)
    if instance.container:
        rows = rows.filter(name=instance.container)
    policies = PoliciesByHost.read()
    wrong = [
        row.pk for row in rows.only(*_READ) if row.monitor_only != policies.of(row).monitor_only
    ]
    turned = Case(When(monitor_only=True, then=False), default=True)
    Container.objects.filter(pk__in=wrong).update(monitor_only=turned)
