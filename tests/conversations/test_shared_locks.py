"""Locks in Redis: one message of a conversation at a time, in the order of arrival, whichever server it came to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from redis.exceptions import RedisError

from bot.conversations import shared_locks
from bot.conversations.shared_locks import LostPlace, SharedLocks, connect
from tests.services import Redis

LONGEST_TURN = 20.0


def run(service: Redis, test: Callable[[SharedLocks, SharedLocks], Awaitable[None]]) -> None:
    """Run a test with the locks of two servers."""

    async def both() -> None:
        servers = [SharedLocks(connect(service.url), LONGEST_TURN) for _ in range(2)]
        try:
            await asyncio.wait_for(test(*servers), 30)
        finally:
            for server in servers:
                await server.close()

    asyncio.run(both())


async def hold(locks: SharedLocks, name: str, log: list[str], seconds: float = 0.05) -> None:
    async with locks.lock("someone"):
        log.append(f"{name} in")
        await asyncio.sleep(seconds)
        log.append(f"{name} out")


def test_one_at_a_time_in_the_order_of_arrival_across_servers(redis: Redis) -> None:
    async def test(first: SharedLocks, second: SharedLocks) -> None:
        log: list[str] = []
        tasks = []
        for number in range(8):
            tasks.append(asyncio.create_task(hold((first, second)[number % 2], str(number), log, 0.2)))
            await asyncio.sleep(0.03)
        await asyncio.gather(*tasks)
        assert log == [f"{number} {way}" for number in range(8) for way in ("in", "out")]

    run(redis, test)


def test_conversations_do_not_wait_for_each_other(redis: Redis) -> None:
    async def test(first: SharedLocks, second: SharedLocks) -> None:
        async with first.lock("someone"):
            await asyncio.wait_for(enter(second, "another"), 2)

    run(redis, test)


async def enter(locks: SharedLocks, conversation: str) -> None:
    async with locks.lock(conversation):
        pass


def test_a_server_that_was_killed_is_passed_over(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_locks, "HEARTBEAT_LIFE", 0.5)

    async def test(first: SharedLocks, second: SharedLocks) -> None:
        killed = first.lock("someone")
        await killed.__aenter__()
        assert first._heartbeat
        first._heartbeat.cancel()
        monkeypatch.setattr(shared_locks, "HEARTBEAT_EVERY", 0.1)
        await asyncio.wait_for(enter(second, "someone"), 5)

    run(redis, test)


def test_one_that_gives_up_waiting_lets_the_next_one_in(redis: Redis) -> None:
    async def test(first: SharedLocks, second: SharedLocks) -> None:
        log: list[str] = []
        async with first.lock("someone"):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(enter(second, "someone"), 0.2)
            waiting = asyncio.create_task(hold(second, "next", log))
            await asyncio.sleep(0.1)
        await waiting
        assert log == ["next in", "next out"]

    run(redis, test)


def test_a_failing_turn_lets_the_next_one_in(redis: Redis) -> None:
    async def test(first: SharedLocks, second: SharedLocks) -> None:
        with pytest.raises(RuntimeError):
            async with first.lock("someone"):
                raise RuntimeError
        await asyncio.wait_for(enter(second, "someone"), 2)

    run(redis, test)


def test_who_waits_while_redis_forgets_is_told(redis: Redis) -> None:
    async def test(first: SharedLocks, second: SharedLocks) -> None:
        async with first.lock("someone"):
            waiting = asyncio.create_task(enter(second, "someone"))
            await asyncio.sleep(0.1)
            await first._client.flushall()
            with pytest.raises(LostPlace):
                await waiting

    run(redis, test)


def test_without_redis_the_turn_fails(redis: Redis) -> None:
    async def test() -> None:
        locks = SharedLocks(connect("redis://127.0.0.1:1/0"), LONGEST_TURN)
        with pytest.raises(RedisError):
            await enter(locks, "someone")
        await locks.close()

    asyncio.run(test())


def test_nothing_is_left_and_no_sender_is_named(redis: Redis) -> None:
    async def test(first: SharedLocks, _: SharedLocks) -> None:
        async with first.lock("someone"):
            held = await first._client.keys("*")
        left = await first._client.keys("*")
        assert not any(b"someone" in key for key in held)
        assert not any(b":queue:" in key or b":ticket:" in key for key in left)

    run(redis, test)
