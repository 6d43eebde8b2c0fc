"""The proof that a new container works."""

import pytest

from tests.fakes.daemon import FakeImage
from tests.flow.bench import Bench
from updates.engine.errors import EngineUnreachable
from updates.flow.gate import health_limit_s, pass_gate, pass_probe

SECOND = 1_000_000_000


def watch(bench: Bench, image: FakeImage, *, seconds: float = 5) -> str:
    """Run a container of this image and watch it."""
    bench.engine.add_image(image, "shop/web:1")
    made = bench.engine.run("web", "shop/web:1")
    return pass_gate(bench.engine, made, seconds=seconds, clock=bench.clock.clock)


def test_one_that_runs_all_the_time_passes_and_is_watched_to_the_end(bench: Bench) -> None:
    assert watch(bench, FakeImage("good"), seconds=7) == ""
    assert bench.clock.now == pytest.approx(7)


def test_one_that_is_stopped_while_it_is_watched_does_not_pass(bench: Bench) -> None:
    def stop(call: object) -> None:
        bench.engine.named("web").state = "exited"
        bench.engine.named("web").exit_code = 3

    bench.engine.fail_on["inspect_container", 4] = stop
    assert watch(bench, FakeImage("bad")) == "It stopped with exit code 3."


def test_one_that_restarted_before_the_first_look_does_not_pass(bench: Bench) -> None:
    assert watch(bench, FakeImage("loop", restarts=1)) == "It keeps restarting."


def test_one_that_is_between_two_restarts_does_not_pass(bench: Bench) -> None:
    bench.engine.add_image(FakeImage("loop"), "shop/web:1")
    made = bench.engine.run("web", "shop/web:1", state="restarting")
    trouble = pass_gate(bench.engine, made, seconds=5, clock=bench.clock.clock)
    assert trouble == "It keeps restarting."


def test_a_rm_container_that_has_gone_does_not_pass(bench: Bench) -> None:
    bench.engine.add_image(FakeImage("one"), "shop/web:1")
    made = bench.engine.run("web", "shop/web:1", AutoRemove=True)
    del bench.engine.kept[made]
    trouble = pass_gate(bench.engine, made, seconds=5, clock=bench.clock.clock)
    assert trouble == "It stopped and was removed, as --rm asks."


def test_healthy_passes_as_soon_as_it_is_said(bench: Bench) -> None:
    image = FakeImage("good", health=("starting", "starting", "healthy"))
    assert watch(bench, image, seconds=1000) == ""
    assert bench.clock.now < 5


def test_a_healthcheck_is_waited_for_longer_than_the_seconds_of_a_plain_container(
    bench: Bench,
) -> None:
    image = FakeImage("slow", health=("starting",) * 50 + ("healthy",))
    assert watch(bench, image, seconds=1) == ""
    assert bench.clock.now > 20


def test_unhealthy_does_not_pass(bench: Bench) -> None:
    image = FakeImage("ill", health=("starting", "unhealthy"))
    assert watch(bench, image) == "Its healthcheck says unhealthy."


def test_one_that_never_becomes_healthy_does_not_pass_and_is_not_waited_for_for_ever(
    bench: Bench,
) -> None:
    trouble = watch(bench, FakeImage("slow", health=("starting",)))
    assert trouble == "It did not become healthy within 240 s."
    assert bench.clock.now == pytest.approx(240)


@pytest.mark.parametrize(("health", "limit"), [((), 7.0), (("starting", "healthy"), 240.0)])
def test_how_long_it_is_watched_at_most_is_told_at_once(
    bench: Bench, health: tuple[str, ...], limit: float
) -> None:
    told: list[tuple[float, float]] = []
    bench.engine.add_image(FakeImage("good", health=health), "shop/web:1")
    made = bench.engine.run("web", "shop/web:1")
    pass_gate(
        bench.engine,
        made,
        seconds=7,
        clock=bench.clock.clock,
        watching=lambda _, limit_s: told.append((bench.clock.now, limit_s)),
    )
    assert told == [(0, limit)]


@pytest.mark.parametrize("test", [["NONE"], []])
def test_a_healthcheck_that_was_switched_off_counts_for_nothing(
    bench: Bench, test: list[str]
) -> None:
    bench.engine.add_image(FakeImage("good"), "shop/web:1")
    config = {"Healthcheck": {"Test": test}}
    made = bench.engine.run("web", "shop/web:1", config=config)
    assert pass_gate(bench.engine, made, seconds=5, clock=bench.clock.clock) == ""


def test_an_engine_that_fails_is_not_taken_for_a_container_that_works(bench: Bench) -> None:
    bench.engine.fail_on["inspect_container", 3] = EngineUnreachable("No answer.")
    with pytest.raises(EngineUnreachable):
        watch(bench, FakeImage("good"))


@pytest.mark.parametrize(
    ("check", "seconds"),
    [
        ({}, 240),
        ({"Interval": 2 * SECOND, "Timeout": SECOND, "Retries": 1}, 6),
        ({"Interval": 2 * SECOND, "Timeout": SECOND, "Retries": 1, "StartPeriod": 9 * SECOND}, 15),
        ({"Interval": 3600 * SECOND}, 1800),
    ],
)
def test_a_healthcheck_has_the_time_that_its_own_settings_give_it(
    check: dict[str, int], seconds: float
) -> None:
    assert health_limit_s(check) == pytest.approx(seconds)


class Answers:
    """A prober that says these, the last one for ever; `asked` is what it was asked."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = list(sentences)
        self.asked: list[str] = []

    def __call__(self, address: str, timeout_s: float) -> str:  # noqa: ARG002
        self.asked.append(address)
        return self.sentences.pop(0) if len(self.sentences) > 1 else self.sentences[0]


def probed(bench: Bench, prober: Answers, address: str = "tcp://{ip}:80") -> str:
    made = bench.engine.run("web", "shop/web:1", state="running")
    bench.engine.named("web").networks = {"shop": {"IPAddress": "10.1.2.3"}}
    return pass_probe(
        bench.engine, made, address, prober=prober, timeout_s=3, clock=bench.clock.clock
    )


def test_a_probe_is_tried_until_it_succeeds(bench: Bench) -> None:
    prober = Answers("it does not answer.", "it answers 503.", "")
    assert probed(bench, prober) == ""
    assert prober.asked == ["tcp://10.1.2.3:80"] * 3


def test_a_probe_that_never_succeeds_ends_by_its_time(bench: Bench) -> None:
    why = probed(bench, Answers("it answers 503."), "http://web.example/health")
    assert why == "The probe of http://web.example/health failed for 3 s: it answers 503."
    assert bench.clock.now == pytest.approx(3)


def test_a_container_that_stopped_is_not_probed_any_more(bench: Bench) -> None:
    prober = Answers("it does not answer.")

    def stop(call: object) -> None:
        bench.engine.named("web").state = "exited"

    bench.engine.fail_on["inspect_container", 2] = stop
    assert "It stopped" in probed(bench, prober)
    assert len(prober.asked) == 1


def test_a_failed_probe_rolls_the_update_back(bench: Bench) -> None:
    bench.stale("web")
    bench.prober = Answers("nothing accepts a connection there.")
    result = bench.update(gate_probe="tcp://127.0.0.1:9", gate_timeout=2)["web"]
    assert result.state == "rolled_back"
    assert "The probe of tcp://127.0.0.1:9 failed for 2 s" in result.reason


def test_a_container_that_is_not_started_is_not_probed(bench: Bench) -> None:
    bench.stale("web")
    bench.prober = Answers("no.")
    assert bench.update(gate_probe="tcp://127.0.0.1:9", no_restart=True)["web"].state == "updated"
