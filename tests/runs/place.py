"""An update on a real engine, with somebody who does something at one of its effects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.drill.points import Point, Side, Source
from tests.drill.wire import After, EngineWire
from tests.lab.registry import Registry as LabRegistry
from tests.runs.stage import Json, Stage, result
from updates.models import Replacement, UpdateRun
from updates.runs.execute import execute_host_run
from updates.runs.recovery import begin

PULL, CREATE, STOP, ASIDE, NAME, START = range(1, 7)  # The effects of an update, by number.


@dataclass(slots=True)
class Place:
    """An update of app, which somebody meddles with."""

    stage: Stage
    wire: EngineWire
    registry: LabRegistry
    image: str
    old: str = ""
    made: list[str] = field(default_factory=list)

    def create(self, **config: Any) -> None:
        self.old = self.stage.create(self.image, "app", **config)
        self.stage.output("app", "echo kept > /data/it")

    def update(self, number: int, side: Side, deed: Callable[[], object]) -> Json:
        """The result, with the deed done at this effect."""
        if not self.old:
            self.create(HostConfig={"Binds": ["persons-data:/data"]})
        done = []

        def strike() -> After:
            done.append(deed())
            return After.GOES_ON

        self.wire.listen(Point(Source.ENGINE, number, "", side), strike)
        document = self.stage.update()
        assert len(done) == 1, self.wire.names
        return result(document, "app")

    def recover(self) -> Json:
        """One look by hand; the journal's row then."""
        for one in begin(source=UpdateRun.Trigger.COMMAND):
            execute_host_run(one.pk)
        row = Replacement.objects.values("outcome", "closed_at").get()
        return dict(row)

    def recreate(self) -> None:
        """As compose does it: the one of that name goes, another comes."""
        self.stage.api.remove_container("app", force=True)
        self.made.append(self.stage.create(self.image, "app", Env=["MINE=1"]))

    def check_old_one_runs(self) -> None:
        assert self.stage.names() == ["app"]
        assert self.stage.inspect("app")["Id"] == self.old
        assert self.stage.inspect("app")["State"]["Running"]
        assert self.stage.output("app", "cat /data/it; cat /version") == "kept\n1"
