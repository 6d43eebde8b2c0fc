"""The texts there are to choose from.

Source: Watchtower's common templates `default` and `porcelain.v1.summary-no-log` (v1.7.1), with
its words. It knows no roll back: what was rolled back counts as failed there.
"""

from updates.models import Channel

SHORT = """\
{% for event in events %}{{ event.sentence }}
{% endfor %}{% for run in runs %}{% if run.url %}{{ run.url }}
{% endif %}{% endfor %}"""

WATCHTOWER = """\
{% if report.updated or report.failed or report.rolled_back %}\
{{ counts.scanned }} Scanned, {{ counts.updated }} Updated, \
{{ counts.failed|add:counts.rolled_back }} Failed
{% for one in report.updated %}\
- {{ one.name }} ({{ one.image }}): {{ one.old_image_id|short }} updated to \
{{ one.new_image_id|short }}
{% endfor %}{% for one in report.fresh %}\
- {{ one.name }} ({{ one.image }}): Fresh
{% endfor %}{% for one in report.skipped %}\
- {{ one.name }} ({{ one.image }}): Skipped: {{ one.reason }}
{% endfor %}{% for one in report.failed %}\
- {{ one.name }} ({{ one.image }}): Failed: {{ one.reason }}
{% endfor %}{% for one in report.rolled_back %}\
- {{ one.name }} ({{ one.image }}): Failed: {{ one.reason }}
{% endfor %}{% endif %}"""

PORCELAIN = """\
{% for one in report.all %}{{ one.name }} ({{ one.image }}): {{ one.watchtower_state }}\
{% if one.error %} Error: {{ one.error }}{% endif %}
{% empty %}no containers matched filter{% endfor %}"""

PRESETS = {
    Channel.Preset.SHORT: SHORT,
    Channel.Preset.WATCHTOWER: WATCHTOWER,
    Channel.Preset.PORCELAIN: PORCELAIN,
}


def source_of(channel: Channel) -> str:
    """The template of the channel's text."""
    return PRESETS.get(Channel.Preset(channel.preset), channel.template)
