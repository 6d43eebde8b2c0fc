"""Threads hand their database work in; nobody waits for ever, and nothing is lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from updates.runs.desk import Desk


def test_the_work_is_done_by_the_thread_that_serves() -> None:
    desk = Desk()
    with ThreadPoolExecutor(4) as pool:
        results = [pool.submit(desk.do, threading.get_ident) for _ in range(20)]
        while not all(result.done() for result in results):
            desk.serve(within_s=0.01)

    assert {result.result() for result in results} == {threading.get_ident()}


def test_an_exception_is_the_waiting_threads_and_the_others_go_on() -> None:
    desk = Desk()
    with ThreadPoolExecutor(2) as pool:
        bad, good = pool.submit(desk.do, lambda: 1 // 0), pool.submit(desk.do, lambda: "done")
        while not (bad.done() and good.done()):
            desk.serve(within_s=0.01)

    with pytest.raises(ZeroDivisionError):
        bad.result()
    assert good.result() == "done"


def test_a_closed_desk_turns_away_what_is_left_and_what_comes() -> None:
    desk, done = Desk(), list[str]()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(desk.do, lambda: done.append("too late"))
        while desk._errands.empty():
            time.sleep(0.001)

        desk.close()

        with pytest.raises(RuntimeError):
            waiting.result(5)
    with pytest.raises(RuntimeError):
        desk.leave(lambda: done.append("later still"))
    assert not done


def test_serving_ends_in_time_however_much_comes() -> None:
    desk, ending = Desk(), threading.Event()

    def hand_in() -> None:
        while not ending.is_set():
            desk.do(lambda: None)

    with ThreadPoolExecutor(8) as pool:
        busy = [pool.submit(hand_in) for _ in range(8)]
        began = time.monotonic()
        desk.serve(within_s=0.3)
        took_s = time.monotonic() - began
        ending.set()
        while not all(one.done() for one in busy):
            desk.serve(within_s=0.01)

    assert took_s < 1


def test_a_thread_that_is_told_to_end_ends_and_leaves_nobody_waiting() -> None:
    desk = Desk()

    def stop() -> None:
        raise SystemExit

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(desk.do, stop)
        with pytest.raises(SystemExit):
            desk.serve(within_s=5)
        with pytest.raises(RuntimeError):
            waiting.result(5)


def test_what_is_left_is_done_before_the_end() -> None:
    desk, done = Desk(), list[int]()
    for number in range(3):
        desk.leave(partial(done.append, number))

    desk.finish()

    assert done == [0, 1, 2]
