"""CSV that a spreadsheet opens without doing what somebody wrote into a cell."""

import csv
from collections.abc import Iterable, Iterator, Sequence

# A cell that begins so is a formula to a spreadsheet. Source: OWASP, CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def lines(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A line for the titles, and one for each row."""
    writer = csv.writer(_Line())
    yield str(writer.writerow(titles))
    for row in rows:
        yield str(writer.writerow([safe(cell) for cell in row]))


def safe(cell: object) -> str:
    """Its text, with an apostrophe before it where it would be a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
