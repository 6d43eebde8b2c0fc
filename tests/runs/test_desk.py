"""Threads hand their database work in; nobody waits for ever, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

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


def test_a_closed_desk_does_what_it_has_and_turns_the_rest_away() -> None:
    desk, done = Desk(), list[str]()
    desk.leave(lambda: done.append("left before"))

    desk.close()

    assert done == ["left before"]
    with pytest.raises(RuntimeError):
        desk.do(lambda: None)
