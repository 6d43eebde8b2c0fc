"""Run as a process of its own: a check of many references, at the same time as others do it.

python -m tests.runs.ask_registry FILE DOMAIN COUNT AGE: it starts once FILE.go is there, and prints
how many answers it got. An answer may be AGE seconds old.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

import django


def main(file: Path, domain: str, count: int, age_s: int) -> None:
    django.setup()
    from django.utils import timezone

    from updates.registry.reference import Reference
    from updates.runs.registries import Registries

    wanted = [Reference.parse(f"{domain}/app-{number}") for number in range(count)]
    print("ready", flush=True)  # noqa: T201
    while not file.with_suffix(".go").exists():
        time.sleep(0.01)
    registries = Registries(since=timezone.now() - timedelta(seconds=age_s))
    answers = registries.resolve(wanted)
    registries.close()
    print(sum(bool(answer.digest) for answer in answers.values()))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
