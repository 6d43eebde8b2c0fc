"""How a channel's message about a past run reads, whatever was told of it before."""

from django.db.models import Count, Q

from updates.english import in_english
from updates.flow.session import State
from updates.models import Channel, HostRun, UpdateRun
from updates.notifications.changes import changes_of
from updates.notifications.happening import Happening
from updates.notifications.rendering import Message, message_of


@in_english  # As a worker will send it.
def message_about(channel: Channel, run: UpdateRun) -> Message:
    """The message as if everything were new that the run brought on the host where it brought most.

    The channel need not be saved.
    """
    has_news = ~Q(results__state=State.FRESH)
    parts = HostRun.objects.filter(run=run).select_related("host")
    parts = parts.annotate(news=Count("results", filter=has_news)).order_by("-news", "pk")
    events = [
        change.news
        for host_run in parts[:1]
        for change in changes_of(host_run)
        if change.news is not None and _is_heard(channel, change.news)
    ]
    return message_of(channel, events, {run.pk})


def _is_heard(channel: Channel, news: Happening) -> bool:
    return not news.container or channel.covers(news.container)
