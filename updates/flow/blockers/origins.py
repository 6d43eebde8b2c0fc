"""Where the value of a setting comes from, in words that stand in a sentence."""

from updates.flow.setting import Level
from updates.flow.settings import catalogue, variables
from updates.language import gettext as _


def by(level: Level, setting: str, host: str) -> str:
    """As it stands in "It is only monitored, by the settings of nas." """
    return {
        Level.DEFAULT: _("by the default"),
        Level.ENVIRONMENT: _("by the environment (%(variable)s)"),
        Level.GLOBAL: _("by the settings for everything"),
        Level.HOST: _("by the settings of %(host)s"),
        Level.CONTAINER: _("by its own settings"),
        Level.RUN: _("by the run itself"),
        Level.LABEL: _("by its label …%(label)s"),
    }[level] % _values(setting, host)


def within(level: Level, setting: str, host: str) -> str:
    """As it stands in "Set it to no in the settings of nas." """
    return {
        Level.DEFAULT: _("in the default"),
        Level.ENVIRONMENT: _("in the environment (%(variable)s)"),
        Level.GLOBAL: _("in the settings for everything"),
        Level.HOST: _("in the settings of %(host)s"),
        Level.CONTAINER: _("in its own settings"),
        Level.RUN: _("in the run itself"),
        Level.LABEL: _("in its label …%(label)s"),
    }[level] % _values(setting, host)


def _values(setting: str, host: str) -> dict[str, str]:
    return {
        "variable": variables(setting)[0],
        "host": host,
        "label": catalogue()[setting].label,
    }
