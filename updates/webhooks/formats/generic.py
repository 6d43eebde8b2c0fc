"""Anything that can make a request: a script, a pipeline."""

from updates.webhooks.document import read, text, texts
from updates.webhooks.errors import Malformed
from updates.webhooks.message import Arrival, Message, Push

_NAMES = ("image", "reference")
_NONE = 'It names no image: send {"image": "example/app:1"}, or ?image=example/app:1.'


def parse(arrival: Arrival) -> Message:
    """`image` or `reference`, in the query or in a JSON body; there `images` may be a list.

    Raises Malformed.
    """
    # A signature covers the body alone.
    query = {} if "x-watchweb-signature" in arrival.headers else arrival.query
    named = [query[name] for name in _NAMES if query.get(name)]
    if not named and arrival.body:
        document = read(arrival.body)
        named = [found for name in _NAMES if (found := text(document, name))]
        named += texts(document, "images")
    if not named:
        raise Malformed(_NONE)
    return Message("push").of(*(Push.of(one) for one in named))
