"""Measure both assistants side by side, in alternating rounds, so that whatever else the machine does meets both."""

from __future__ import annotations

import contextlib
import os
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.benchmark import load, usage
from bot.benchmark.contestants import BenchmarkError, Contestant
from bot.benchmark.load import Client, Times
from bot.benchmark.usage import Meter, Span
from bot.evaluation.servers import Server

WARM_UP_TURNS = 50
SHARES_OF_CAPACITY = (0.5, 0.8)
# clients of the closed loop that finds the capacity: enough that the server never waits for them
CLIENTS = 4
# what else the machine did may differ by this many cores, on average, before the comparison is refused
TOLERANCE = 0.25
MAX_FAILED = 0.01
READY_SECONDS = 300.0


@dataclass(frozen=True)
class Plan:
    """How much is measured. `turns` is how many turns a server has taken when its memory is read."""

    turns: int = 1000
    rounds: int = 10
    starts: int = 3
    capacity_rounds: int = 3
    capacity_seconds: float = 10.0
    open_rounds: int = 3
    open_seconds: float = 30.0


QUICK = Plan(starts=2, capacity_rounds=2, capacity_seconds=6.0, open_rounds=2, open_seconds=15.0)


@dataclass
class Figures:
    """What was measured of one assistant.

    Attributes:
        ready: seconds from start to first answer, for each start.
        rounds: the turns of one client, a `Times` for each round.
        open_loop: share of capacity → the turns that arrived at that rate.
        spans: every timed stretch, with what others took of the machine meanwhile.
        loads: the machine's load average before each.
    """

    ready: list[float] = field(default_factory=list)
    rounds: list[Times] = field(default_factory=list)
    memory_bytes: int = 0
    processor_ms: float = 0.0
    capacities: list[float] = field(default_factory=list)
    open_loop: dict[float, Times] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    scores: dict[str, Any] = field(default_factory=dict)

    @property
    def one_client(self) -> Times:
        """The turns of one client, all rounds together."""
        return sum(self.rounds, Times(()))

    @property
    def capacity(self) -> float:
        """Turns per second."""
        return statistics.median(self.capacities)

    @property
    def others(self) -> float:
        """Cores busy with anything else, on average over the timed stretches."""
        seconds = sum(span.seconds for span in self.spans)
        return sum(span.others * span.seconds for span in self.spans) / seconds if seconds else 0.0


@dataclass
class Side:
    """One assistant while it is being measured."""

    contestant: Contestant
    server: Server
    client: Client
    figures: Figures

    def meter(self) -> Meter:
        """Start to measure; the load average is noted first."""
        self.figures.loads.append(os.getloadavg()[0])
        return Meter(self.server.process.pid)


def comparable(figures: Sequence[Figures]) -> str | None:
    """Why the figures may not be compared, or `None`."""
    others = [one.others for one in figures]
    if max(others) - min(others) > TOLERANCE:
        loads = " and ".join(f"{other:.2f}" for other in others)
        return f"Other work kept {loads} cores busy while the two were measured; at most {TOLERANCE} apart is accepted."
    return None


def starts(contestants: Sequence[Contestant], plan: Plan) -> dict[str, Figures]:
    """Start each several times, taking turns, and time each until its first answer."""
    found = {contestant.name: Figures() for contestant in contestants}
    for _ in range(plan.starts):
        for contestant in contestants:
            with tempfile.TemporaryDirectory() as scratch, contestant.server(Path(scratch)) as server:
                found[contestant.name].ready.append(server.wait(READY_SECONDS).ready_after)
    return found


async def measure(sides: Sequence[Side], plan: Plan) -> None:
    """Fill in the figures of both sides.

    Raises:
        BenchmarkError: one of them fails too many turns.
    """
    async with contextlib.AsyncExitStack() as stack:
        for side in sides:
            await stack.enter_async_context(side.client)
            await load.one_after_another(side.client, WARM_UP_TURNS)
        print("One client …", flush=True)
        for number in range(plan.rounds):
            for side in _in_turn(sides, number):
                await _one_client_round(side, (plan.turns - WARM_UP_TURNS) // plan.rounds)
        for side in sides:
            turns = sum(len(times.milliseconds) for times in side.figures.rounds)
            side.figures.processor_ms = 1000 * sum(span.own for span in side.figures.spans) / turns
            side.figures.memory_bytes = usage.resident_bytes(side.server.process.pid)
        print("Capacity …", flush=True)
        for number in range(plan.capacity_rounds):
            for side in _in_turn(sides, number):
                meter = side.meter()
                side.figures.capacities.append(await load.capacity(side.client, CLIENTS, plan.capacity_seconds))
                side.figures.spans.append(meter.stop())
        for share in SHARES_OF_CAPACITY:
            print(f"Open loop at {share:.0%} of capacity …", flush=True)
            for number in range(plan.open_rounds):
                for side in _in_turn(sides, number):
                    await _open_round(side, share, plan.open_seconds, number)
    for side in sides:
        _check_failures(side)


def _in_turn(sides: Sequence[Side], number: int) -> Sequence[Side]:
    """The sides, each first in every other round."""
    return sides if number % 2 == 0 else list(reversed(sides))


async def _one_client_round(side: Side, turns: int) -> None:
    meter = side.meter()
    side.figures.rounds.append(await load.one_after_another(side.client, turns))
    side.figures.spans.append(meter.stop())


async def _open_round(side: Side, share: float, seconds: float, number: int) -> None:
    meter = side.meter()
    times = await load.open_loop(side.client, share * side.figures.capacity, seconds, seed=number)
    side.figures.open_loop[share] = side.figures.open_loop.get(share, Times(())) + times
    side.figures.spans.append(meter.stop())


def _check_failures(side: Side) -> None:
    turns = sum((times for times in side.figures.open_loop.values()), side.figures.one_client)
    if turns.failed > MAX_FAILED * len(turns.milliseconds):
        failed = f"{side.contestant.name} failed {turns.failed} of {len(turns.milliseconds)} turns."
        raise BenchmarkError(f"{failed}\n{side.server.last_lines()}")
