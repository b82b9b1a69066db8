from __future__ import annotations

import asyncio

import pytest

from bot.benchmark import stopwatch
from bot.benchmark.stopwatch import Stopwatch


class Clock:
    """A clock that goes only when it is told to."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands for the module `time` in the stopwatch."""
    fixed = Clock()
    monkeypatch.setattr(stopwatch, "time", fixed)
    return fixed


class Works:
    """Something to time: `outer` takes six seconds, four of them in `inner`."""

    name = "one"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def outer(self) -> str:
        self._clock.now += 2.0
        return self.inner(4.0)

    def inner(self, seconds: float) -> str:
        self._clock.now += seconds
        return "done"


def test_a_part_does_not_count_what_is_inside_it(clock: Clock) -> None:
    watch = Stopwatch()
    with watch.watching((Works, "outer", "outer"), (Works, "inner", lambda holder: f"inner {holder.name}")):
        assert asyncio.run(Works(clock).outer()) == "done"
    assert dict(watch.seconds) == {"outer": 2.0, "inner one": 4.0}


def test_parts_add_up_over_calls_even_if_one_fails(clock: Clock) -> None:
    watch = Stopwatch()

    def fail() -> None:
        with watch.part("outer"):
            with watch.part("inner"):
                clock.now += 1.0
            clock.now += 0.5
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with watch.part("inner"):
        clock.now += 1.0
    assert dict(watch.seconds) == {"outer": 0.5, "inner": 2.0}


def test_methods_are_given_back_as_they_were() -> None:
    before = Works.__dict__["inner"]
    with Stopwatch().watching((Works, "inner", "inner")):
        assert Works.__dict__["inner"] is not before
    assert Works.__dict__["inner"] is before
