from __future__ import annotations

from bot.channels.limits import Limit


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
