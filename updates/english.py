"""What is kept is English for everybody, whatever language the page has that it was done on."""

from collections.abc import Callable
from functools import wraps

from django.utils.translation import override


def in_english[**Given, Made](act: Callable[Given, Made]) -> Callable[Given, Made]:
    """The words that it makes are for a row, and not for who looks at the page just now."""

    @wraps(act)
    def done(*args: Given.args, **how: Given.kwargs) -> Made:
        # Not as a decorator: Django's keeps the language before in itself, for all threads.
        with override("en"):
            return act(*args, **how)

    return done
