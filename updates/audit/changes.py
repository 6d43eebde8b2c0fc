"""What a row says now that it did not say before, in words, without its secrets.

Of a secret, and of any longer text, only that it was set, changed or removed: people paste keys
into the wrong fields.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from updates.audit.record import Change
from updates.flow.setting import Group
from updates.flow.settings import catalogue, switch
from updates.models.encrypted import EncryptedTextField

# Texts that hold nothing but names.
_PLAIN_TEXTS = {"names", "containers", "realm_hosts"}
_LONGEST = 200


def state_of(row: models.Model) -> dict[str, Any]:
    """The values that people set, by the columns' names."""
    kept = [one for one in row._meta.concrete_fields if one.editable and not one.primary_key]
    deferred = row.get_deferred_fields()
    return {one.name: one.value_from_object(row) for one in kept if one.attname not in deferred}


def changes_between(
    row: models.Model, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    """Each column whose value differs; only what both know is looked at."""
    for field in row._meta.concrete_fields:
        if field.name not in before or field.name not in after:
            continue
        old, new = before[field.name], after[field.name]
        if old == new:
            continue
        label = str(getattr(field, "verbose_name", field.name))
        if _is_hidden(field):
            yield hidden(label, old, new)
        else:
            yield label, _shown(field, old), _shown(field, new)


def of_settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Each setting of a level that differs. What runs in a container may hold a password."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        about = catalogue().get(name)
        if old == new or about is None:
            continue
        is_secret = about.group is Group.HOOKS or any("://" in str(one) for one in (old, new))
        show = hidden if is_secret else _pair
        yield show(switch(name), _typed(about.kind, old), _typed(about.kind, new))


def hidden(label: str, old: Any, new: Any) -> Change:
    """A change of which only the fact is told."""
    if not old:
        return label, "", "set"
    return label, "set", "changed" if new else ""


def _pair(label: str, old: Any, new: Any) -> Change:
    return label, str(old), str(new)


def _typed(kind: Any, value: Any) -> str:
    return "" if value in ("", None) else str(kind.show(value))[:_LONGEST]


def _is_hidden(field: Any) -> bool:
    if isinstance(field, EncryptedTextField):
        return True
    return isinstance(field, models.TextField) and field.name not in _PLAIN_TEXTS


def _shown(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))[:_LONGEST]
    return str(dict(field.flatchoices).get(value, value))[:_LONGEST]
