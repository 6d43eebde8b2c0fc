"""What the drill found, in one table: kinds by causes, and how much of what went wrong."""

from collections import defaultdict
from statistics import median

from tests.drill.drill import Outcome

WORDS = ("lost", "duplicate", "leftover", "changed", "untrue", "open", "missed")


class Table:
    """Filled case by case; printed as text."""

    def __init__(self) -> None:
        self.cases: dict[tuple[str, str], list[Outcome]] = defaultdict(list)

    def add(self, outcome: Outcome) -> None:
        self.cases[outcome.kind.name, str(outcome.cause)].append(outcome)

    @property
    def has_trouble(self) -> bool:
        return any(one.troubles for found in self.cases.values() for one in found)

    def __str__(self) -> str:
        head = f"{'kind':<11}{'cause':<10}{'points':>6}{'seconds':>18}  " + "  ".join(WORDS)
        rows = [self._row(*key) for key in self.cases]
        everything = [one for found in self.cases.values() for one in found]
        return "\n".join(["", head, *rows, f"{len(everything)} cases: {_counted(everything)}"])

    def _row(self, kind: str, cause: str) -> str:
        found = self.cases[kind, cause]
        seconds = [one.seconds for one in found]
        spread = f"{median(seconds):.1f}, at most {max(seconds):.1f}"
        counts = "  ".join(f"{_count(found, word):>{len(word)}}" for word in WORDS)
        return f"{kind:<11}{cause:<10}{len(found):>6}{spread:>18}  {counts}"


def _counted(found: list[Outcome]) -> str:
    return ", ".join(f"{word} = {_count(found, word)}" for word in WORDS)


def _count(found: list[Outcome], word: str) -> int:
    return sum(text.startswith(word) for one in found for text in one.troubles)
