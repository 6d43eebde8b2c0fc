"""A compose stack carried out: its restart flag leads the dependants."""

from tests.flow.bench import Bench
from tests.flow.test_execute import BROKEN
from updates.flow.decide import LEADER_STAYED
from updates.flow.labels import COMPOSE_DEPENDS_ON, COMPOSE_PROJECT, COMPOSE_SERVICE
from updates.flow.plan import RESTARTS_WITH


def stack(bench: Bench, needs: str) -> None:
    """A stale database, and a fresh "web" that needs it."""
    db = {COMPOSE_PROJECT: "shop", COMPOSE_SERVICE: "db"}
    web = {COMPOSE_PROJECT: "shop", COMPOSE_SERVICE: "web", COMPOSE_DEPENDS_ON: needs}
    bench.fresh("web", config={"Labels": web})
    bench.stale("db", config={"Labels": db})


def test_a_dependant_with_the_restart_flag_restarts_on_its_own_image(bench: Bench) -> None:
    stack(bench, "db:service_started:true")
    results = bench.update()
    assert bench.states() == {"db": "updated", "web": "restarted"}
    assert results["web"].reason == RESTARTS_WITH
    assert bench.engine.named("web").image.seed == "shop/web:1"


def test_a_dependant_without_the_flag_is_left_alone(bench: Bench) -> None:
    stack(bench, "db:service_started:false")
    bench.update()
    assert bench.states() == {"db": "updated", "web": "fresh"}


def test_a_dependant_whose_leader_could_not_be_created_is_left_alone(bench: Bench) -> None:
    stack(bench, "db:service_started:true")
    bench.engine.fail_on["create"] = BROKEN
    results = bench.update()
    assert bench.states() == {"db": "failed", "web": "fresh"}
    assert results["web"].reason == LEADER_STAYED
