"""Rows that people keep are recorded whenever they are saved or deleted, from wherever it is done.

Workers note what they learn by conditional updates, which are no saves.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from updates.audit.actor import actor
from updates.audit.changes import changes_between, of_settings, state_of
from updates.audit.record import record
from updates.english import in_english
from updates.models import (
    ApiToken,
    Channel,
    Host,
    Policy,
    Registry,
    Schedule,
    SchedulePause,
    Webhook,
)
from updates.models.audit import Deed

WATCHED: tuple[type[Model], ...] = (Host, Registry, Schedule, Channel, Webhook, ApiToken)
_WITH_HOSTS = (Schedule, Channel)
_BEFORE = "_audited_before"
_DEEDS = {ADDITION: Deed.ADDED, DELETION: Deed.DELETED}


def begin() -> None:
    """Connect it all; once, at start."""
    models: tuple[type[Model], ...] = (*WATCHED, Policy)
    for model in models:
        pre_save.connect(_remember, model, dispatch_uid="audit")
        post_save.connect(_saved, model, dispatch_uid="audit")
        post_delete.connect(_deleted, model, dispatch_uid="audit")
    for one in _WITH_HOSTS:
        m2m_changed.connect(_chosen, one.hosts.through, dispatch_uid="audit")
    post_save.connect(_paused, SchedulePause, dispatch_uid="audit")
    post_delete.connect(_resumed, SchedulePause, dispatch_uid="audit")
    post_save.connect(_logged, LogEntry, dispatch_uid="audit")


def subject_of(row: Model) -> str:
    """ "host nas", "registry ghcr.io"; settings say by themselves what they are of."""
    return str(row) if isinstance(row, Policy) else f"{row._meta.verbose_name} {row}"


def _remember(sender: type[Model], instance: Model, **_: Any) -> None:
    """What the database has, before it is written over."""
    if actor() is None or instance.pk is None:
        return
    found = sender._default_manager.filter(pk=instance.pk).first()
    setattr(instance, _BEFORE, state_of(found) if found else None)


@in_english
def _saved(
    instance: Model,
    *,
    created: bool,
    update_fields: Iterable[str] | None = None,
    **_: Any,
) -> None:
    if actor() is None:
        return
    before = instance.__dict__.pop(_BEFORE, None) or {}
    after = state_of(instance)
    if update_fields is not None:
        after = {name: value for name, value in after.items() if name in set(update_fields)}
    if isinstance(instance, Policy):
        changes = list(of_settings(before.get("values", {}), instance.values))
    else:
        changes = list(changes_between(instance, before, after))
    if created and not isinstance(instance, Policy):
        record(Deed.ADDED, subject_of(instance))
    elif changes:
        deed = Deed.SETTINGS if isinstance(instance, Policy) else Deed.CHANGED
        record(deed, subject_of(instance), changes=changes)


@in_english
def _deleted(instance: Model, *, origin: Any = None, **_: Any) -> None:
    """What goes with something else is not told of apart."""
    if origin is not None and origin is not instance and not hasattr(origin, "model"):
        return
    if isinstance(instance, Policy):
        changes = list(of_settings(instance.values, {}))
        record(Deed.SETTINGS, subject_of(instance), changes=changes)
    else:
        record(Deed.DELETED, subject_of(instance))


@in_english
def _chosen(instance: Model, *, action: str, model: Any, pk_set: Any = None, **_: Any) -> None:
    """Hosts were added to a schedule or a channel, or taken away."""
    if action not in ("post_add", "post_remove", "pre_clear") or actor() is None:
        return
    if action == "pre_clear":
        names = [host.name for host in instance.hosts.all()]  # type: ignore[attr-defined]
    else:
        names = sorted(model.objects.filter(pk__in=pk_set).values_list("name", flat=True))
    if not names or not isinstance(instance, _WITH_HOSTS):
        return
    said = ", ".join(names)
    change = ("hosts", "", said) if action == "post_add" else ("hosts", said, "")
    record(Deed.CHANGED, subject_of(instance), changes=[change])


def _paused(created: bool, **_: Any) -> None:
    if created:
        record(Deed.PAUSED, "every schedule")


def _resumed(**_: Any) -> None:
    record(Deed.RESUMED, "every schedule")


@in_english
def _logged(instance: LogEntry, *, created: bool, **_: Any) -> None:
    """What the admin did to rows that are not watched: people, groups, sessions."""
    model = instance.content_type.model_class() if instance.content_type else None
    if not created or model is None or issubclass(model, (*WATCHED, Policy)):
        return
    deed = _DEEDS.get(instance.action_flag, Deed.CHANGED)
    said = instance.get_change_message() if deed is Deed.CHANGED else ""
    changes = [("in the admin", "", said)] if said else []
    record(deed, f"{model._meta.verbose_name} {instance.object_repr}", changes=changes)
