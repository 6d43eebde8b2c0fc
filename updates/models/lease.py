"""Leases: until when a row is somebody's, by the database's clock.

Workers on several machines have clocks of their own, and each may be wrong; the database's is the
one that they share.
"""

from datetime import timedelta

from django.db.models import Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

# Nobody asks for more. A lease that ends later was taken before the clock was set back: its worker,
# if it lives, renews it; if it is dead, nobody should wait for that clock.
LONGEST = timedelta(minutes=10)


def until(length: timedelta) -> CombinedExpression:
    """The end of a lease that begins now, to be written."""
    return Now() + length


def lasts(column: str) -> Q:
    """The rows that somebody holds."""
    return Q(**{f"{column}__gte": Now(), f"{column}__lte": Now() + LONGEST})


def has_run_out(column: str) -> Q:
    """The rows whose lease was not renewed in time; not those that were never held."""
    return Q(**{f"{column}__lt": Now()}) | Q(**{f"{column}__gt": Now() + LONGEST})
