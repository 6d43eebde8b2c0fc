"""What is asked before an act on many containers, and what is said after it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from updates.forms.container_act import Act

_QUESTIONS = {
    Act.SCAN: ngettext_lazy(
        "Check %(count)d container now?", "Check %(count)d containers now?", "count"
    ),
    Act.UPDATE: ngettext_lazy(
        "Update %(count)d container?", "Update %(count)d containers?", "count"
    ),
    Act.HOLD: ngettext_lazy("Hold %(count)d container?", "Hold %(count)d containers?", "count"),
    Act.RELEASE: ngettext_lazy(
        "Release %(count)d container?", "Release %(count)d containers?", "count"
    ),
    Act.SKIP: ngettext_lazy(
        "Skip this version for %(count)d container?",
        "Skip this version for %(count)d containers?",
        "count",
    ),
}
_NOTHING = {
    Act.SCAN: gettext_lazy("Nothing to check"),
    Act.UPDATE: gettext_lazy("Nothing to update"),
    Act.HOLD: gettext_lazy("Nothing to hold"),
    Act.RELEASE: gettext_lazy("Nothing to release"),
    Act.SKIP: gettext_lazy("Nothing to skip"),
}
_MEANINGS = {
    Act.SCAN: gettext_lazy(
        "Their registries are asked what there is. Nothing is pulled or changed."
    ),
    Act.UPDATE: gettext_lazy(
        "Each is made anew on the image its registry has now, beside the present one. Where the "
        "new one does not work, the present one comes back."
    ),
    Act.HOLD: gettext_lazy(
        "No run updates them, whatever their registries have, until somebody releases them. They "
        "are still checked."
    ),
    Act.RELEASE: gettext_lazy(
        "Holds are taken away, and blocks of the image that waits: the next run updates them again."
    ),
    Act.SKIP: gettext_lazy(
        "The image that waits is left out for them. The next one their registries have is taken "
        "again."
    ),
}
_HEADINGS = {
    Act.SCAN: gettext_lazy("Checked"),
    Act.UPDATE: gettext_lazy("Updated"),
    Act.HOLD: gettext_lazy("Held"),
    Act.RELEASE: gettext_lazy("Released"),
    Act.SKIP: gettext_lazy("Skipped for"),
}


_DONE_TO_ONE = {
    Act.HOLD: gettext_lazy("%(name)s is held. The next run goes by it."),
    Act.SKIP: gettext_lazy(
        "%(name)s is left on the version it has, until there is another. The next run goes by it."
    ),
    Act.RELEASE: gettext_lazy("%(name)s is released. The next run goes by it."),
}
_DONE = {
    Act.HOLD: ngettext_lazy(
        "%(count)d container is held. The next run goes by it.",
        "%(count)d containers are held. The next run goes by it.",
        "count",
    ),
    Act.SKIP: ngettext_lazy(
        "%(count)d container is left on the version it has, until there is another. The next run "
        "goes by it.",
        "%(count)d containers are left on the version they have, until there is another. The next "
        "run goes by it.",
        "count",
    ),
    Act.RELEASE: ngettext_lazy(
        "%(count)d container is released. The next run goes by it.",
        "%(count)d containers are released. The next run goes by it.",
        "count",
    ),
}


def question(act: Act, count: int) -> str:
    """The page's heading."""
    return str(_QUESTIONS[act] % {"count": count} if count else _NOTHING[act])


def meaning(act: Act) -> str:
    """What it does, in a sentence or two."""
    return str(_MEANINGS[act])


def heading(act: Act, kind: str) -> str:
    """Of a list. `kind`: a field of a forecast."""
    others = {"along": _("Restarted with them"), "left": _("Left out")}
    return others.get(kind) or str(_HEADINGS[act])


def done(act: Act, names: Sequence[str]) -> str:
    """What was done to containers of these names, and what follows; not of a run."""
    if len(names) == 1:
        return str(_DONE_TO_ONE[act]) % {"name": names[0]}
    return str(_DONE[act] % {"count": len(names)})
