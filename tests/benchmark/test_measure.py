from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from bot.benchmark import measure
from bot.benchmark.contestants import BenchmarkError, Contestant, Training
from bot.benchmark.measure import Figures, Plan, Side
from bot.benchmark.usage import Span

PLAN = Plan(turns=70, rounds=2, capacity_rounds=2, capacity_seconds=0.05, open_rounds=2, open_seconds=0.2)


class FakeServer:
    """A server that is this process."""

    class process:
        pid = os.getpid()

    def last_lines(self) -> str:
        return "its last lines"


class FakeClient:
    """Takes 10 ms for a turn, and writes down whose turn it was."""

    def __init__(self, name: str, order: list[str], fails: bool = False) -> None:
        self._name, self._order, self._fails = name, order, fails
        self.failed = 0

    async def __aenter__(self) -> FakeClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._order.append(f"{self._name} closed")

    async def turn(self) -> None:
        self._order.append(self._name)
        self.failed += self._fails
        await asyncio.sleep(0.01)


def sides(order: list[str], fails: bool = False) -> list[Side]:
    made: list[Side] = []
    for name in ("a", "b"):
        contestant = Contestant(name, Path(), Training("", 1.0, 1.0, 0.0), 0, 0, 0)
        server, client = FakeServer(), FakeClient(name, order, fails and name == "b")
        made.append(Side(contestant, server, client, Figures()))  # type: ignore[arg-type]
    return made


def test_each_is_measured_in_rounds_and_each_is_first_in_turn() -> None:
    order: list[str] = []
    both = sides(order)
    asyncio.run(measure.measure(both, PLAN))
    warm = measure.WARM_UP_TURNS
    assert order[: 2 * warm] == ["a"] * warm + ["b"] * warm
    assert order[2 * warm : 2 * warm + 40] == ["a"] * 10 + ["b"] * 20 + ["a"] * 10
    for side in both:
        figures = side.figures
        assert [len(times.milliseconds) for times in figures.rounds] == [10, 10]
        assert figures.one_client.percentile(50) >= 10
        assert figures.memory_bytes > 1e6
        assert len(figures.capacities) == 2
        assert 20 < figures.capacity <= 400
        assert set(figures.open_loop) == {0.5, 0.8}
        # rounds, capacities and open loops: each with the load before it and what others did meanwhile
        assert len(figures.loads) == len(figures.spans) == 2 + 2 + 4
    assert order[-2:] == ["b closed", "a closed"]


def test_an_assistant_that_fails_turns_is_not_measured() -> None:
    with pytest.raises(BenchmarkError, match="b failed") as raised:
        asyncio.run(measure.measure(sides([], fails=True), PLAN))
    assert "its last lines" in str(raised.value)


def under(others: float, *more: float) -> Figures:
    return Figures(spans=[Span(1.0, 0.5, other) for other in (others, *more)])


def test_the_work_of_others_is_weighed_by_time() -> None:
    figures = Figures(spans=[Span(3.0, 0.0, 1.0), Span(1.0, 0.0, 0.2)])
    assert figures.others == pytest.approx(0.8)


def test_equal_load_is_compared() -> None:
    assert measure.comparable([under(0.1), under(0.1 + measure.TOLERANCE - 0.01)]) is None


def test_different_load_is_refused() -> None:
    refusal: Any = measure.comparable([under(0.0), under(0.0, 2 * measure.TOLERANCE + 0.1)])
    assert "0.00 and 0.30 cores busy" in refusal
