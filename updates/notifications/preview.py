"""How a channel's message about a past run reads, whatever was told of it before."""

from updates.models import Channel, HostRun, UpdateRun
from updates.notifications.changes import changes_of
from updates.notifications.happening import Happening
from updates.notifications.rendering import Message, message_of


def message_about(channel: Channel, run: UpdateRun) -> Message:
    """The message as if everything in the run were new. The channel need not be saved."""
    events = [
        change.news
        for host_run in HostRun.objects.filter(run=run).select_related("host")
        for change in changes_of(host_run)
        if change.news is not None and _is_heard(channel, change.news)
    ]
    return message_of(channel, events, {run.pk})


def _is_heard(channel: Channel, news: Happening) -> bool:
    return not news.container or channel.covers(news.container)
