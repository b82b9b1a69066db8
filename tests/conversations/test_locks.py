from __future__ import annotations

import asyncio

from bot.conversations.locks import ConversationLocks


async def hold(locks: ConversationLocks, conversation: str, name: str, log: list[str]) -> None:
    async with locks.lock(conversation):
        log.append(f"{name} in")
        await asyncio.sleep(0.01)
        log.append(f"{name} out")


def test_one_at_a_time_in_the_order_of_arrival() -> None:
    async def run() -> list[str]:
        locks, log = ConversationLocks(), list[str]()
        await asyncio.gather(*(hold(locks, "someone", str(number), log) for number in range(5)))
        return log

    assert asyncio.run(run()) == [f"{number} {way}" for number in range(5) for way in ("in", "out")]


def test_conversations_do_not_wait_for_each_other() -> None:
    async def run() -> list[str]:
        locks, log = ConversationLocks(), list[str]()
        await asyncio.gather(hold(locks, "one", "one", log), hold(locks, "two", "two", log))
        return log

    assert asyncio.run(run())[:2] == ["one in", "two in"]


def test_a_failing_turn_lets_the_next_one_in() -> None:
    async def fail(locks: ConversationLocks) -> None:
        async with locks.lock("someone"):
            raise RuntimeError

    async def run() -> list[str]:
        locks, log = ConversationLocks(), list[str]()
        await asyncio.gather(fail(locks), hold(locks, "someone", "next", log), return_exceptions=True)
        return log

    assert asyncio.run(run()) == ["next in", "next out"]


def test_nothing_is_kept_of_conversations_that_nobody_holds() -> None:
    async def run() -> ConversationLocks:
        locks = ConversationLocks()
        await asyncio.gather(*(hold(locks, f"{number % 3}", "x", []) for number in range(9)))
        return locks

    locks = asyncio.run(run())
    assert not locks._locks
    assert not locks._waiting
