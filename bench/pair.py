"""Equal containers, each replaced in its own way, and what that took."""

import io
import os
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import median, quantiles

import docker

from bench import figures
from bench.child import Child
from bench.timed_engine import Call

WAYS = ("ours", "by hand", "typed")
IMAGES = ("downtime:1", "downtime:2")
BRIDGE = "bench-bridge"
FILE_BYTES = 20_000
MOST = 0.8


@dataclass(frozen=True, slots=True)
class Downtime:
    """One replacement's, in seconds: in all, and by what it went to, in order."""

    seconds: float
    parts: dict[str, float]

    @classmethod
    def of(cls, calls: Sequence[Call]) -> "Downtime":
        seconds = calls[-1].ended_at - calls[0].began_at
        parts: dict[str, float] = {}
        for call in calls:
            parts[call.name] = parts.get(call.name, 0.0) + call.seconds
        return cls(seconds, parts | {"between calls": seconds - sum(parts.values())})


@dataclass(slots=True)
class Pair:
    """An equal container for each way; it is replaced so, again and again.

    `written`: how many files each has written into its own layer by the time it is replaced.
    """

    api: docker.APIClient
    replacer: Child
    network: str
    written: int
    taken: dict[str, list[Downtime]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def name(self, way: str) -> str:
        return f"{self.network}-{self.written}-{way.replace(' ', '-')}"

    def start(self) -> None:
        mode = BRIDGE if self.network == "bridge" else self.network
        host = {"NetworkMode": mode, "RestartPolicy": {"Name": "unless-stopped"}}
        for way in WAYS:
            body = {"Image": IMAGES[0], "HostConfig": host}
            made = self.api.create_container_from_config(body, self.name(way))
            self.api.start(made["Id"])

    def replace(self, number: int) -> None:
        """All of them, by turns in this order or the other. Round 0 warms up."""
        image = IMAGES[(number + 1) % 2]
        for way in WAYS if number % 2 else WAYS[::-1]:
            self._write(self.name(way))
            answer = self.replacer.ask(do=way, name=self.name(way), image=image)
            if number:
                self.taken[way].append(Downtime.of([Call(*one) for one in answer["calls"]]))

    def _write(self, container: str) -> None:
        if self.written:
            self.api.put_archive(container, "/tmp", files(self.written))  # noqa: S108 - its own
            os.sync()  # What was never on the disk is removed faster than a real layer is.

    def report(self) -> None:
        """Print what it took, and the least that any order of the calls could take."""
        print(f"network {self.network}, {self.written} files written")
        for way in WAYS:
            print(f"  {way:<8} {told(self.taken[way])}")
        ours, by_hand, typed = (median(one.seconds for one in self.taken[way]) for way in WAYS)
        least = median(one.parts["stop"] + one.parts["start"] for one in self.taken["by hand"])
        ratio = ours / by_hand
        print(f"  ours / by hand = {ratio:.2f} (at most {MOST:.2f}) {figures.judged(ratio, MOST)}")
        typed_ratio = f"{ours / typed:.2f} (at most {MOST:.2f})"
        print(f"  ours / typed = {typed_ratio} {figures.judged(ours / typed, MOST)}")
        print(f"  its stop and start alone / by hand = {least / by_hand:.2f}", flush=True)


def told(taken: Sequence[Downtime]) -> str:
    """Median, the middle half, and the medians of the parts, in milliseconds."""
    seconds = [one.seconds for one in taken]
    low, _, high = quantiles(seconds, n=4) if len(seconds) > 1 else seconds * 3
    parts = ", ".join(
        f"{name} {1000 * median(one.parts[name] for one in taken):.0f}" for name in taken[0].parts
    )
    spread = f"{1000 * low:.0f} to {1000 * high:.0f}"
    return f"{1000 * median(seconds):.0f} ms (half of them {spread}): {parts}"


@cache
def files(count: int) -> bytes:
    """An archive of so many files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for number in range(count):
            entry = tarfile.TarInfo(f"written/{number}")
            entry.size = FILE_BYTES
            tar.addfile(entry, io.BytesIO(bytes(FILE_BYTES)))
    return buffer.getvalue()
