"""Once, in order, and patiently: the queues that Telegram and Slack share."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.channels import outbox, queues
from bot.channels.outbox import Gone, Later, Outbox, Refused
from bot.channels.queues import InOrder, Once, Succession


def test_work_is_done_once() -> None:
    done: list[str] = []

    async def test() -> None:
        once = Once()

        async def work() -> None:
            done.append("x")

        first, is_new = once.run("a", work)
        again, is_new_again = once.run("a", work)
        await first
        assert (is_new, is_new_again, again is first) == (True, False, True)
        await once.run("b", work)[0]

    asyncio.run(test())
    assert done == ["x", "x"]


def test_old_ids_are_forgotten_but_not_while_their_work_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "KEPT", 2)

    async def test() -> None:
        once, end = Once(), asyncio.Event()

        async def slow() -> None:
            await end.wait()

        async def fast() -> None:
            return None

        once.run("slow", slow)
        for name in "abc":
            await once.run(name, fast)[0]
        assert once.run("slow", slow)[1] is False
        end.set()
        await once.finish(1)
        await once.run("d", fast)[0]
        assert once.run("slow", fast)[1] is True

    asyncio.run(test())


def test_of_those_that_wait_the_first_written_comes_first() -> None:
    said: list[float] = []

    async def test() -> None:
        order, begin = InOrder(), asyncio.Event()

        async def turn(place: float) -> None:
            async with order.turn("me", place):
                await begin.wait()
                said.append(place)

        tasks = [asyncio.create_task(turn(place)) for place in (9, 4, 2, 7)]
        cancelled = asyncio.create_task(turn(3))
        await asyncio.sleep(0.01)
        assert order.waiting("me") == 4
        cancelled.cancel()
        begin.set()
        await asyncio.gather(*tasks)
        await turn(1)
        assert order.waiting("me") == 0

    asyncio.run(asyncio.wait_for(test(), 10))
    assert said == [9, 2, 4, 7, 1]


def test_a_number_waits_for_the_one_before_but_not_for_ever() -> None:
    arrived: list[int] = []

    async def test() -> None:
        numbers = Succession(0.5)

        async def arrive(number: int) -> None:
            await numbers.arrive(number)
            arrived.append(number)

        await arrive(10)
        tasks = []
        for number in (13, 12, 11, 15):
            tasks.append(asyncio.create_task(arrive(number)))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        await arrive(5)  # late, and nobody waits for what is older still

    asyncio.run(asyncio.wait_for(test(), 10))
    assert arrived == [10, 11, 12, 13, 15, 5]


class Service:
    """A service that fails as it is told, and then takes what it gets."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.taken: list[str] = []
        self.tries = 0

    def send(self, text: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            self.tries += 1
            if self.failures:
                raise self.failures.pop(0)
            self.taken.append(text)

        return work


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which takes any time."""
    made: list[float] = []

    async def sleep(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(outbox.asyncio, "sleep", sleep)
    return made


def deliver(service: Service, *texts: str) -> list[bool]:
    """Put each text into the outbox of one chat; gives whether each was taken."""

    async def work() -> list[bool]:
        box = Outbox("test")
        return list(await asyncio.gather(*[box.put("chat", [service.send(text)]) for text in texts]))

    return asyncio.run(asyncio.wait_for(work(), 10))


def test_it_waits_as_long_as_it_is_asked_or_longer_each_time(pauses: list[float]) -> None:
    service = Service(Later(7), Later(), Later(), Later())
    assert deliver(service, "a", "b") == [True, True]
    assert service.taken == ["a", "b"]
    assert pauses == [7, 2, 4, 8]


def test_it_gives_up_in_the_end(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "GIVE_UP_AFTER", -1)
    service = Service(Later())
    assert deliver(service, "a", "b") == [False, True]
    assert service.taken == ["b"]


def test_where_nobody_is_nothing_more_is_tried() -> None:
    service = Service(Gone())

    async def work() -> bool:
        return await Outbox("test").put("chat", [service.send("a"), service.send("b")])

    assert asyncio.run(work()) is False
    assert service.tries == 1


def test_what_is_refused_holds_up_nothing_else_and_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    service = Service(Refused("invalid_blocks"), ValueError("my groin is numb"))
    with caplog.at_level(logging.INFO):
        assert deliver(service, "a", "b", "c") == [False, False, True]
    assert service.taken == ["c"]
    assert "invalid_blocks" in caplog.text
    assert "ValueError" in caplog.text
    assert "numb" not in caplog.text


def test_at_the_end_it_waits_a_little_and_says_how_much_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        box = Outbox("test")
        box.put("chat", [Service(Later(60)).send("a")])
        await box.finish(0.05)

    asyncio.run(work())
    assert "could not be sent before the end: 1" in caplog.text
