"""The log of a container that failed: read before it is gone, short, and without secrets."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.engine import Call
from tests.flow.workshop import BROKEN, FAILS_GATE, ILL, STOPS, Workshop
from updates.engine.errors import EngineUnreachable
from updates.flow.job import Order
from updates.flow.last_words import LINES, MAX_CHARS, tail
from updates.flow.session import State


def shop_that_says(text: str, **how: Any) -> Workshop:
    shop = Workshop(STOPS, **how)
    shop.new_image.says = text
    return shop


def test_the_last_lines_are_kept_and_the_container_is_gone() -> None:
    shop = shop_that_says("".join(f"line {number}\n" for number in range(70)))
    outcome = shop.replace()
    assert outcome.state is State.ROLLED_BACK
    assert outcome.log.splitlines() == [f"line {number}" for number in range(20, 70)]
    assert LINES == 50
    shop.check_old_one_is_back()


def test_secrets_of_its_environment_are_not_in_it() -> None:
    shop = shop_that_says("connecting with hunter22 as root")
    shop.web.config["Env"] = ["A=1", "DB_PASSWORD=hunter22"]
    assert shop.replace().log == "connecting with •••• as root"


def test_colours_and_what_no_database_keeps_are_left_out() -> None:
    assert tail("\x1b[31mno\x00pe\x1b[0m\r\nnext\tcolumn\n", []) == "nope\nnext\tcolumn"


def test_it_is_cut_at_the_beginning_of_a_line() -> None:
    text = "\n".join(f"{number:04} " + "x" * 94 for number in range(100))
    shown = tail(text, [])
    assert len(shown) <= MAX_CHARS
    assert shown.startswith("…\n00")
    assert shown.endswith(text[-100:])


def test_one_endless_line_is_cut_anywhere() -> None:
    shown = tail("x" * 9000, [])
    assert len(shown) == MAX_CHARS
    assert shown.startswith("…\nxxx")


def test_a_secret_is_masked_before_it_is_cut() -> None:
    secret = "s3cret-" * 20
    text = secret + "\n" + "x" * (MAX_CHARS - 30)
    assert "s3cret" not in tail(text, [f"TOKEN={secret}"])


def test_an_engine_that_cannot_tell_costs_nothing_but_the_log() -> None:
    shop = shop_that_says("nobody reads this")
    shop.engine.fail_on["logs"] = BROKEN
    outcome = shop.replace()
    assert (outcome.state, outcome.log, outcome.blames_image) == (State.ROLLED_BACK, "", True)
    shop.check_old_one_is_back()


@pytest.mark.parametrize("fault", [KeyError("odd"), SystemExit(1)])
def test_a_fault_while_it_is_read_does_not_cost_the_way_back(fault: BaseException) -> None:
    shop = shop_that_says("")
    shop.engine.fail_on["logs"] = fault
    with pytest.raises(type(fault)):
        shop.replace()
    shop.check_old_one_is_back()


@pytest.mark.parametrize("case", FAILS_GATE, ids=str)
def test_an_image_that_does_not_pass_is_to_blame(case: Any) -> None:
    assert Workshop(case).replace().blames_image


def test_one_that_the_engine_cannot_start_is_to_blame() -> None:
    """Its command is missing, for example."""
    shop = Workshop()
    shop.engine.fail_on["start", 1] = BROKEN
    assert shop.replace().blames_image


def test_an_engine_that_is_away_blames_nobody_and_is_asked_for_no_log() -> None:
    shop = Workshop()
    shop.engine.fail_on["start", 1] = EngineUnreachable("Away.")
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.ROLLED_BACK, False)
    assert "logs" not in shop.engine.counts()


@pytest.mark.parametrize("name", ["create", "stop", "rename"])
def test_what_fails_before_it_was_started_is_not_its_fault(name: str) -> None:
    shop = Workshop()
    shop.engine.fail_on[name, 1] = BROKEN
    assert not shop.replace().blames_image
    assert "logs" not in shop.engine.counts()


def test_a_mere_restart_that_fails_keeps_the_log_and_blames_no_image() -> None:
    shop = Workshop(ILL)
    shop.new_image.says = "no"
    shop.order = Order(shop.order.container, shop.order.effective)
    shop.engine.fail_on["start", 1] = BROKEN
    outcome = shop.replace()
    assert (outcome.state, outcome.blames_image) == (State.ROLLED_BACK, False)
    assert "logs" in shop.engine.counts()


def test_it_is_read_before_the_container_is_removed() -> None:
    shop = shop_that_says("last words")
    order: list[str] = []
    witness: Callable[[Call], None] = shop.engine.witness

    def watch(call: Call) -> None:
        witness(call)
        order.append(call.name)

    shop.engine.witness = watch
    assert shop.replace().log == "last words"
    assert order.index("logs") < order.index("remove")
