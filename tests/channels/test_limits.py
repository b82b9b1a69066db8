from __future__ import annotations

import asyncio

from bot.channels.limits import Limit, SharedLimit
from tests.services import Redis


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_one_at_a_time() -> None:
    clock = Clock()
    limit = Limit(burst=3, per_minute=30, clock=clock)
    assert [limit.allow("a") for _ in range(4)] == [True, True, True, False]
    clock.now = 1.9
    assert not limit.allow("a")
    clock.now = 2.0
    assert limit.allow("a")
    assert not limit.allow("a")


def test_one_sender_does_not_use_up_the_share_of_another() -> None:
    limit = Limit(burst=1, per_minute=1, clock=Clock())
    assert limit.allow("a")
    assert limit.allow("b")


def test_buckets_that_are_full_again_are_forgotten() -> None:
    clock = Clock()
    limit = Limit(burst=1, per_minute=60, clock=clock)
    for number in range(10_000):
        limit.allow(str(number))
    clock.now = 2.0
    limit.allow("one more")
    assert len(limit._buckets) == 1


def test_servers_count_together_in_redis(redis: Redis) -> None:
    async def test() -> None:
        servers = [SharedLimit("test", burst=3, per_minute=60, url=redis.url) for _ in range(2)]
        taken = [await servers[number % 2].allowed("someone") for number in range(5)]
        assert taken == [True, True, True, False, False]
        assert await servers[0].allowed("another")
        await asyncio.sleep(1.1)
        assert await servers[1].allowed("someone")

    asyncio.run(test())


def test_without_redis_each_server_counts_by_itself() -> None:
    async def test() -> None:
        alone = SharedLimit("test", burst=2, per_minute=1, url="redis://127.0.0.1:1/0")
        assert [await alone.allowed("someone") for _ in range(3)] == [True, True, False]

    asyncio.run(test())
