"""Pages of lists that nobody counts."""

from typing import Any

from django.core.paginator import EmptyPage, InvalidPage, Page
from django_tables2 import LazyPaginator

_MAX_PAGE = 100_000


class AheadPaginator(LazyPaginator):  # type: ignore[misc]
    """Looks one row ahead to know whether there is more. No database is asked for rows so far down
    that their number does not fit its integers."""

    is_uncounted = True

    def validate_number(self, number: Any) -> int:
        known: int = super().validate_number(number)
        if known > _MAX_PAGE:
            raise EmptyPage("There is nothing that far down.")
        return known

    def page_or_first(self, number: Any) -> Page[Any]:
        """The page of this number, the first if there is none."""
        try:
            return self.page(number)  # type: ignore[no-any-return]
        except InvalidPage:
            return self.page(1)  # type: ignore[no-any-return]
