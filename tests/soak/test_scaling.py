"""Two servers against one behind nginx, on PostgreSQL and Redis; each, with its action server, has a quarter of a core.

The load is put on one and on two in turn, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from bot.benchmark import load, usage
from bot.benchmark.load import PERCENTILES, Client, Times
from bot.evaluation import machine
from tests.cluster import TOKEN, Cluster
from tests.quota import held
from tests.services import PostgreSQL, Redis, open_folder
from tests.soak.people import Person

CORES = 0.25  # of each server and its action server
ROUNDS = int(os.environ.get("ROUNDS", "6"))
SECONDS = float(os.environ.get("SECONDS", "20"))  # of each round
CLIENTS = 12  # of the closed loop: enough that two servers never wait for them
SHARES_OF_CAPACITY = (0.5, 0.8)


@dataclass
class Side:
    """A cluster while it is measured.

    Attributes:
        held: the processes that have a quota.
        services: the processes beside them that take part in a turn: nginx, PostgreSQL, Redis.
        rates: turns per second of each closed-loop round.
        turns, seconds: of all closed-loop rounds.
        held_seconds, services_seconds: processor time in these rounds.
        open_loop: share of capacity → the turns that arrived at that rate.
        means: by which processes are held to their share.
    """

    cluster: Cluster
    client: Client
    held: Sequence[int]
    services: Sequence[int]
    means: str
    rates: list[float] = field(default_factory=list)
    turns: float = 0.0
    seconds: float = 0.0
    held_seconds: float = 0.0
    services_seconds: float = 0.0
    open_loop: dict[float, Times] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many servers it has."""
        return len(self.cluster.servers)

    @property
    def capacity(self) -> float:
        """Turns per second."""
        return statistics.median(self.rates)

    @property
    def processor_ms(self) -> float:
        """Processor time of a turn, of all processes that take part in it."""
        return (self.held_seconds + self.services_seconds) / self.turns * 1000

    async def capacity_round(self) -> None:
        """Have clients send as fast as they are answered."""
        began, held, services = time.monotonic(), _used(self.held), _used(self.services)
        rate = await load.capacity(self.client, CLIENTS, SECONDS)
        seconds = time.monotonic() - began
        self.rates.append(rate)
        self.turns += rate * seconds
        self.seconds += seconds
        self.held_seconds += _used(self.held) - held
        self.services_seconds += _used(self.services) - services

    async def open_round(self, share: float, seed: int) -> None:
        """Have messages arrive at a share of the capacity."""
        times = await load.open_loop(self.client, share * self.capacity, SECONDS, seed)
        self.open_loop[share] = self.open_loop.get(share, Times(())) + times

    def text(self) -> str:
        """The figures."""
        rounds = ", ".join(f"{rate:.1f}" for rate in self.rates)
        servers_ms, cores = self.held_seconds / self.turns * 1000, self.held_seconds / self.seconds
        lines = [
            f"{self.count} of each server: {self.capacity:.1f} turns/s (rounds {rounds}),",
            f"  {self.processor_ms:.1f} ms of processor a turn: {servers_ms:.1f} servers and action servers, which took"
            f" {cores:.2f} cores, the rest nginx, PostgreSQL and Redis",
        ]
        for share, times in self.open_loop.items():
            found = ", ".join(f"p{percent} {times.percentile(percent):.0f} ms" for percent in PERCENTILES)
            lines.append(f"  open loop at {share:.0%} of that: {found} of {len(times.milliseconds)} turns")
        return "\n".join(lines)


def _used(pids: Sequence[int]) -> float:
    return sum(map(usage.processor_seconds, pids))


@pytest.fixture
def sides(postgresql: PostgreSQL, redis: Redis) -> Iterator[tuple[Side, Side]]:
    """One server, and two."""
    dice = random.Random(1)
    texts = [Person(dice).message() for _ in range(1000)]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with ExitStack() as stack:
        made = []
        for count in (1, 2):
            cluster = Cluster(stack.enter_context(open_folder()), postgresql, redis, count)
            stack.callback(cluster.stop)
            pairs = [(server.pid, actions.pid) for server, actions in zip(cluster.servers, cluster.action_servers)]
            for pair in pairs:
                means = stack.enter_context(held([pid for one in pair for pid in usage.tree(one)], CORES))
            services = (cluster.nginx.pid, postgresql.pid, redis.pid)
            client = Client(cluster.url, texts, headers)
            made.append(Side(cluster, client, [pid for pair in pairs for pid in pair], services, means))
        yield made[0], made[1]


async def measure(sides: Sequence[Side]) -> None:
    async with sides[0].client, sides[1].client:
        for side in sides:  # to warm up
            await load.capacity(side.client, CLIENTS, SECONDS)
        for number in range(ROUNDS):
            for side in sides if number % 2 == 0 else reversed(sides):
                await side.capacity_round()
        for number, share in enumerate(SHARES_OF_CAPACITY * 2):
            for side in sides if number % 2 == 0 else reversed(sides):
                await side.open_round(share, number)


def test_two_servers_take_almost_twice_the_turns_of_one(
    sides: tuple[Side, Side], capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(measure(sides))
    one, two = sides
    with capsys.disabled():
        print(f"\n{machine.sentence(machine.describe('make soak'))}")
        print(f"Each server and its action server held to {CORES} of a core by: {one.means}")
        print(one.text(), two.text(), sep="\n")
        print(f"{two.capacity / one.capacity:.2f} × the turns per second,", end=" ")
        print(f"{two.processor_ms / one.processor_ms:.2f} × the processor time of a turn")
    assert [side.client.failed for side in sides] == [0, 0]
    for side in sides:  # each took its share and no more: neither the clients nor the services held it up
        assert 0.9 * CORES < side.held_seconds / side.seconds / side.count < 1.1 * CORES
    assert two.capacity >= 1.7 * one.capacity
    assert two.processor_ms <= 1.15 * one.processor_ms
