"""8 processes of 16 threads want one token at once: how many token requests that makes.

A real registry and a token service, over TLS; every thread has a token store of its own, so that
only the database stands between them.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench import figures
from bench.child import Child, Json
from bench.scans import Scanner, row_of
from bench.stage import LAB, Stage, environment, need, staged
from tests.lab.authority import Authority
from tests.lab.images import ImageSpec
from tests.lab.missing import missing
from tests.lab.registry import Registry
from tests.lab.token_server import SERVICE

_REPOSITORY = "team/app"
_LEAD_S = 0.5  # For every process to have its threads waiting.


def main() -> None:
    options = arguments()
    print(figures.machine(), flush=True)
    is_one = True
    with staged() as stage:
        need("registry")
        registry = stage.start(Registry(stage.root / "registry", "token", Authority()))
        digest = registry.push(_REPOSITORY, "1", ImageSpec())
        for name, choice in databases(options.database).items():
            seekers = gathered(stage, registry, digest, choice, options)
            is_one &= seekers.measure(name, options.repeat)
    if not is_one:
        sys.exit("More than one token was asked for, or not everybody got it.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how a token is shared.")
    parser.add_argument("--processes", type=int, default=8, metavar="N")
    parser.add_argument("--threads", type=int, default=16, metavar="N")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    parser.add_argument("--database", default="", metavar="URL", help="Only this one, if empty.")
    return parser.parse_args()


def databases(chosen: str) -> dict[str, str]:
    """What to measure on, by name: SQLite, and PostgreSQL if it is installed; or the one chosen."""
    if chosen:
        return {"chosen database": chosen}
    if why := missing("postgres"):
        print(f"PostgreSQL is left out: {why}")
        return {"SQLite": ""}
    return {"SQLite": "", "PostgreSQL": LAB}


@dataclass(frozen=True, slots=True)
class Seekers:
    """The processes, and what they ask. `keeper` empties the database before each time."""

    registry: Registry
    digest: str
    keeper: Scanner
    processes: Sequence[Child]
    threads: int

    def measure(self, database: str, repeat: int) -> bool:
        """Let them ask and print what it took; True if one request was enough each time."""
        taken, asked, answers = [], [], Counter[str]()
        for _ in range(repeat):
            seconds, requests, told = self._once()
            taken.append(seconds)
            asked.append(requests)
            answers += told
        wanted = len(self.processes) * self.threads
        is_one = max(asked) == 1 and answers == {self.digest: wanted * repeat}
        print(
            f"{database}: {wanted} threads in {len(self.processes)} processes:"
            f" {max(asked)} token requests, target 1, {'PASS' if is_one else 'over'};"
            f" {figures.spread(taken)} (median / best)",
            flush=True,
        )
        for sentence, count in answers.items():
            if sentence != self.digest:
                print(f"  {count} times: {sentence}")
        return is_one

    def _once(self) -> tuple[float, int, Counter[str]]:
        """(seconds until the last one had it, token requests, what they were told)."""
        assert self.registry.token_server
        tokens = self.registry.token_server
        self.keeper.begin(known(self.registry))
        before, at = len(tokens.requests), time.time() + _LEAD_S
        reference = f"{self.registry.address}/{_REPOSITORY}:1"
        for process in self.processes:
            process.send(reference=reference, threads=self.threads, at=at)
        answers = [process.receive() for process in self.processes]
        told = Counter(one for answer in answers for one in answer["digests"])
        return max(one["ended_at"] for one in answers) - at, len(tokens.requests) - before, told


def gathered(
    stage: Stage, registry: Registry, digest: str, choice: str, options: argparse.Namespace
) -> Seekers:
    """The processes, on a database that has its tables."""
    url = stage.database(choice)
    keeper = stage.start(Scanner(stage.root, url, {}))
    keeper.begin(known(registry))
    seeker, env = "bench.token_seeker", environment(stage.root, url)
    processes = [stage.start(Child(seeker, env)) for _ in range(options.processes)]
    return Seekers(registry, digest, keeper, processes, options.threads)


def known(registry: Registry) -> Json:
    """The registry's row as after a first check: its challenge is known, no token is."""
    assert registry.token_server
    hints = {"hint_realm": registry.token_server.realm, "hint_service": SERVICE}
    return row_of(registry) | hints


if __name__ == "__main__":
    main()
