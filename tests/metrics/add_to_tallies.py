"""Run as a process of its own: adds to the same sums a hundred times, in batches.

python -m tests.metrics.add_to_tallies FILE: it starts once FILE.go is there.
"""

import sys
import time
from pathlib import Path

import django

TIMES = 100


def main(file: Path) -> None:
    django.setup()
    from updates.metrics.sums import Sums
    from updates.models.tally import Summed

    print("ready", flush=True)  # noqa: T201
    while not file.with_suffix(".go").exists():
        time.sleep(0.01)
    for number in range(TIMES):
        sums = Sums()
        # In another order each time: whoever locks rows as they come would meet another's.
        for place in range(10):
            sums.count(Summed.HOST_RUNS, "scan", "finished", subject=(place * 7 + number) % 10)
        sums.save()
    print("done")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
