"""Five hundred people chat with one server, as `make run` starts it, on two cores: nobody waits, nothing grows."""

from __future__ import annotations

import asyncio
import http.client
import os
import random
import statistics
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.benchmark import load, usage
from bot.benchmark.load import PERCENTILES, Times
from bot.evaluation import machine
from tests.serving import Server
from tests.soak.people import Person, said

PEOPLE = int(os.environ.get("PEOPLE", "500"))
MINUTES = float(os.environ.get("MINUTES", "10"))
PAUSES = (5.0, 55.0)  # seconds from one message of a person to the next: 30 on average, and never while still reading
TURNS = (4, 16)  # of a conversation; then somebody else comes
WARM_UP = min(120.0, MINUTES * 60 / 5)  # seconds after which memory should grow no more
SAMPLES = 10.0  # seconds over which memory is taken
POLL = 0.02  # seconds between two looks whether the server answers
PAUSE = 0.1  # seconds without an answer that count as a pause


@dataclass
class Crowd:
    """Those who chat, and how they were answered.

    Attributes:
        milliseconds: of each turn, from when the message was due.
        failed: turns without a proper reply.
    """

    url: str
    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0

    async def chat(self) -> None:
        """Have everybody chat for the time of the test."""
        said()  # read the files before anything is timed
        async with load.connections() as session:
            began = time.perf_counter()
            await asyncio.gather(*(self._one(session, random.Random(number), began) for number in range(PEOPLE)))

    async def _one(self, session: aiohttp.ClientSession, dice: random.Random, began: float) -> None:
        """One place in the crowd: a person who chats, and then the next."""
        due = began + dice.uniform(0, sum(PAUSES) / 2)
        end = began + MINUTES * 60
        while due < end:
            due = await self._conversation(session, dice, due, end)

    async def _conversation(self, session: aiohttp.ClientSession, dice: random.Random, due: float, end: float) -> float:
        """A conversation that begins at `due`; gives when the next message is due."""
        sender, person, reply = uuid.uuid4().hex, Person(dice), None
        for _ in range(dice.randint(*TURNS)):
            text = person.message(reply or ())
            await asyncio.sleep(due - time.perf_counter())
            reply = await load.ask(session, self.url, sender, text)
            self.milliseconds.append((time.perf_counter() - due) * 1000)
            self.failed += reply is None
            due += dice.uniform(*PAUSES)
            if due >= end:
                break
        return due


@dataclass
class Watch:
    """Looks at a server from a thread of its own until `done`.

    Attributes:
        answered: seconds that each look waited for its answer.
        late: seconds by which each look began late: those are the machine's, not the server's.
        memory: (seconds since the start, resident bytes of the server and its children), once a second.
    """

    server: Server
    answered: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Ask for `/health` again and again."""
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=60)
        began = due = time.perf_counter()
        while not self.done.is_set():
            time.sleep(max(0.0, due - time.perf_counter()))
            asked = time.perf_counter()
            connection.request("GET", "/health")
            connection.getresponse().read()
            now = time.perf_counter()
            self.late.append(asked - due)
            self.answered.append(now - asked)
            if not self.memory or now - began >= self.memory[-1][0] + 1:
                self.memory.append((now - began, usage.resident_bytes(self.server.pid)))
            due = max(due, time.perf_counter() - POLL) + POLL
        connection.close()

    def memory_mb(self, first: float, last: float) -> float:
        """The memory from `first` to `last` (seconds), its median."""
        return statistics.median(held for at, held in self.memory if first <= at <= last) / 2**20


@contextmanager
def watching(server: Server) -> Iterator[Watch]:
    """Watch a server."""
    watch = Watch(server)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield watch
    finally:
        watch.done.set()
        thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The assistant as `python -m bot run` starts it, on two cores, which those who chat share with it."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(cores)[:2])
    started = Server(tmp_path / "conversations.db")
    yield started
    started.stop()
    os.sched_setaffinity(0, cores)


def pauses(seconds: Sequence[float]) -> str:
    """The longest, and how many count as a pause."""
    return f"longest {max(seconds) * 1000:.0f} ms, {sum(one > PAUSE for one in seconds)} above {PAUSE * 1000:.0f} ms"


def test_many_people_are_answered_at_once_and_memory_stays_flat(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd(server.url)
    began, used = time.monotonic(), usage.processor_seconds(server.pid)
    with watching(server) as watch:
        asyncio.run(crowd.chat())
    seconds, used = time.monotonic() - began, usage.processor_seconds(server.pid) - used
    times = Times(tuple(crowd.milliseconds), crowd.failed)
    early = watch.memory_mb(WARM_UP, WARM_UP + SAMPLES)
    late = watch.memory_mb(watch.memory[-1][0] - SAMPLES, watch.memory[-1][0])
    with capsys.disabled():
        print(f"\n{machine.sentence(machine.describe('make soak'))}")
        turns = len(times.milliseconds)
        print(f"{PEOPLE} people for {seconds / 60:.1f} minutes: {turns} turns, {times.failed} failed")
        print(f"  {turns / seconds:.1f} turns/s, {used / turns * 1000:.1f} ms of processor each", end=" ")
        print(f"({used / seconds:.2f} cores, with {len(watch.answered)} looks)")
        print("  " + ", ".join(f"p{percent} {times.percentile(percent):.0f} ms" for percent in (*PERCENTILES, 100)))
        print(f"  memory {early:.0f} MB after {WARM_UP:.0f} s, {late:.0f} MB at the end;", end=" ")
        print(f"{server.database.stat().st_size / 1000 / turns:.1f} kB in the database for each turn")
        print(f"  looks answered after: {pauses(watch.answered)} (begun late by: {pauses(watch.late)})")
    assert times.failed == 0
    assert times.percentile(95) < 300
    assert late - early < min(0.05 * early, 30)
