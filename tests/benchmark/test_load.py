from __future__ import annotations

import asyncio
import itertools
import statistics
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from bot.benchmark import load
from bot.benchmark.load import Client, Times

SAYS = [{"custom": {"data": {"says": [{"kind": "answer", "ids": ["ice_and_heat"]}]}}}]
FAILED = [{"custom": {"data": {"says": [{"kind": "error", "ids": []}]}}}]


class Slow:
    """A server that takes one turn at a time, the first of them long."""

    def __init__(self, first: float, others: float) -> None:
        self.failed = 0
        self._lock = asyncio.Lock()
        self._seconds = itertools.chain([first], itertools.repeat(others))

    async def turn(self) -> None:
        async with self._lock:
            await asyncio.sleep(next(self._seconds))


def test_percentiles_are_nearest_ranks() -> None:
    times = Times(tuple(float(number) for number in range(100, 0, -1)))
    assert [times.percentile(percent) for percent in (50, 95, 99, 100)] == [50.0, 95.0, 99.0, 100.0]
    assert Times((7.0,)).percentile(50) == 7.0
    assert Times(()).percentile(99) == 0.0


def test_times_add_up() -> None:
    assert Times((1.0,), 1) + Times((2.0, 3.0), 2) == Times((1.0, 2.0, 3.0), 3)


def test_conversations_have_five_turns_that_do_not_follow_each_other() -> None:
    count = 10 * load.CONVERSATIONS_AT_ONCE * load.TURNS_IN_CONVERSATION
    numbers = [load.conversation(number) for number in range(count)]
    assert all(numbers.count(one) == load.TURNS_IN_CONVERSATION for one in set(numbers))
    for at, one in enumerate(numbers):
        assert one not in numbers[max(0, at - load.CONVERSATIONS_AT_ONCE + 1) : at]


def test_arrivals_are_random_at_the_given_rate() -> None:
    times = list(load.arrivals(50, 200, seed=1))
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert times == sorted(times)
    assert times[-1] < 200
    assert len(times) == pytest.approx(10_000, rel=0.05)
    assert statistics.stdev(gaps) == pytest.approx(statistics.mean(gaps), rel=0.1)  # as in a Poisson process


def test_an_open_loop_charges_a_stall_to_every_turn_that_was_due() -> None:
    times = asyncio.run(load.open_loop(Slow(0.5, 0.0), rate=100, seconds=0.5, seed=1))  # type: ignore[arg-type]
    assert len(times.milliseconds) > 30
    # those due while the first was answered waited for it: who sends one after another would see one slow turn
    assert times.percentile(50) > 150


def test_one_after_another_sees_a_stall_once() -> None:
    times = asyncio.run(load.one_after_another(Slow(0.3, 0.0), 20))  # type: ignore[arg-type]
    assert times.milliseconds[0] > 290  # asyncio may wake a clock tick early
    assert times.percentile(50) < 150


def test_capacity_is_what_the_server_takes() -> None:
    async def measure() -> float:
        return await load.capacity(Slow(0.02, 0.02), clients=4, seconds=1.0)  # type: ignore[arg-type]

    assert 0 < asyncio.run(measure()) <= 50.5  # four clients, but one turn of 20 ms at a time


def answering(handler: Callable[[web.Request], Awaitable[web.Response]], turns: int) -> Times:
    """The times of some turns against a server that answers by `handler`."""

    async def ask() -> Times:
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            async with Client(f"http://127.0.0.1:{port}", ["first", "second"]) as client:
                return await load.one_after_another(client, turns)
        finally:
            await runner.cleanup()

    return asyncio.run(ask())


def test_texts_are_used_in_turn() -> None:
    seen: list[dict[str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.json_response(SAYS)

    assert answering(answer, 3).failed == 0
    assert [body["message"] for body in seen] == ["first", "second", "first"]
    assert len({body["sender"] for body in seen}) == 3


@pytest.mark.parametrize(("reply", "status"), [(FAILED, 200), ([], 200), (SAYS, 500)])
def test_a_turn_without_a_proper_reply_has_failed(reply: list[object], status: int) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(reply, status=status)

    assert answering(answer, 4).failed == 4


def test_a_server_that_is_gone_fails_every_turn() -> None:
    async def ask() -> Times:
        async with Client("http://127.0.0.1:9", ["a"]) as client:
            return await load.one_after_another(client, 2)

    assert asyncio.run(ask()).failed == 2
