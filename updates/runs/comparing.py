"""Two runs side by side: what is different per container."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from updates.flow.session import State
from updates.models import ContainerResult, UpdateRun

_FIELDS = ("state", "old_digest", "new_digest", "old_version", "new_version", "seconds", "reason")
_WORST_FIRST = (State.FAILED, State.ROLLED_BACK)
# A difference in time that a person would call one.
_SLOWER, _SLOWER_S = 2.0, 5.0


@dataclass(frozen=True, slots=True)
class Side:
    """A container in one of the runs."""

    state: str
    old_digest: str
    new_digest: str
    old_version: str
    new_version: str
    seconds: float
    reason: str

    @property
    def digest(self) -> str:
        """What it was on when the run was over."""
        is_new = self.state == State.UPDATED and self.new_digest
        return self.new_digest if is_new else self.old_digest

    @property
    def version(self) -> str:
        is_new = self.state == State.UPDATED and self.new_version
        return self.new_version if is_new else self.old_version


@dataclass(frozen=True, slots=True)
class Pair:
    """One container in both; None where it took no part."""

    host_id: int
    host: str
    name: str
    a: Side | None
    b: Side | None

    @property
    def differences(self) -> Sequence[str]:
        """In words: "only in the first", "state", "digest", "time"; () when it is the same."""
        if self.a is None or self.b is None:
            return (_("only in the first") if self.b is None else _("only in the second"),)
        found = {
            _("state"): self.a.state != self.b.state,
            _("digest"): self.a.digest != self.b.digest,
            _("time"): _is_slower(self.a.seconds, self.b.seconds),
        }
        return tuple(name for name, is_different in found.items() if is_different)

    @property
    def rank(self) -> tuple[bool, str, str]:
        sides = (side.state for side in (self.a, self.b) if side)
        return not any(state in _WORST_FIRST for state in sides), self.host, self.name


def pairs(a: UpdateRun, b: UpdateRun) -> list[Pair]:
    """All containers of both, what went wrong in one of them first; two queries."""
    first, second = _sides(a), _sides(b)
    found = (Pair(*key, first.get(key), second.get(key)) for key in first.keys() | second.keys())
    return sorted(found, key=lambda pair: pair.rank)


def before(run: UpdateRun) -> UpdateRun | None:
    """The last of its kind that was before it."""
    rows = UpdateRun.objects.filter(kind=run.kind, pk__lt=run.pk).order_by("-pk")
    return rows.select_related("user").first()


def _sides(run: UpdateRun) -> dict[tuple[int, str, str], Side]:
    rows = ContainerResult.objects.filter(host_run__run=run).order_by()
    keys = ("host_run__host", "host_run__host__name", "name")
    return dict(_keyed(rows.values_list(*keys, *_FIELDS).iterator(chunk_size=2000)))


def _keyed(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[tuple[int, str, str], Side]]:
    for host_id, host, name, *facts in rows:
        yield (host_id, host, name), Side(*facts)  # type: ignore[arg-type,misc]


def _is_slower(a: float, b: float) -> bool:
    return abs(a - b) > _SLOWER_S and max(a, b) > _SLOWER * min(a, b)
